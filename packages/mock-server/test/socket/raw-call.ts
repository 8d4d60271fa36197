import { connect, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import type { MockAccount } from '../../src/index.ts'
import type { ConsumerSession } from './consumer-session.ts'

/** One HTTP call on the wire. */
interface RawCall {
  /** @default 'POST' */
  readonly method?: string
  /** By https: over TLS. */
  readonly url: string
  /** The certificate that is trusted, as PEM. */
  readonly ca?: string | undefined
  /** The target in the request line. @default path and query of `url` */
  readonly target?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Everything received until the connection was closed. */
export interface RawAnswer {
  /** The bytes as text, the time of the `Date` header removed. */
  readonly text: string
  /** How the mock ended the connection: in order (FIN), or with the code of an error. */
  readonly end: string
}

const withoutDate = (text: string): string => text.replace(/^Date: .*$/m, 'Date: <date>')

/** Writes a call to a socket, TCP's or TLS'. */
export function openRawCall({
  method = 'POST',
  url,
  ca,
  target,
  headers = {},
  body = '',
}: RawCall): Socket {
  const { protocol, pathname, search, host, hostname, port } = new URL(url)
  const lines = Object.entries({ Host: host, ...headers, 'Content-Length': String(body.length) })
  const to = { host: hostname, port: Number(port) }
  const socket = protocol === 'https:' ? connectTls({ ...to, ca }) : connect(to)
  socket.write(`${method} ${target ?? pathname + search} HTTP/1.1\r\n`)
  socket.write(`${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`)
  return socket
}

/** Reads a socket until it is closed. */
export async function readRawAnswer(socket: Socket): Promise<RawAnswer> {
  const chunks: Buffer[] = []
  let end = 'closed by the test'
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('end', () => {
    end = 'FIN'
  })
  socket.on('error', (error: NodeJS.ErrnoException) => {
    end = error.code ?? error.message
  })
  // Not `once` of node:events, which rejects for a reset.
  await new Promise(resolve => socket.once('close', resolve))
  return { text: withoutDate(Buffer.concat(chunks).toString()), end }
}

/** Sends a call over a connection of its own, and reads until the mock closes it. */
export const rawCall = ({ headers, ...call }: RawCall): Promise<RawAnswer> =>
  readRawAnswer(openRawCall({ ...call, headers: { ...headers, Connection: 'close' } }))

/** A SEND call of a session that publishes an event; over TLS, if the mock speaks it. */
export const toRawPublish = (
  { server, sendUrl, headers, conversationId }: ConsumerSession,
  event: unknown,
): RawCall => ({
  url: sendUrl.replace(server.url, server.httpsUrl ?? server.url),
  ca: server.ca,
  headers,
  body: JSON.stringify({
    kind: 'req',
    id: '1',
    type: 'ms.PublishEvent',
    body: { dialogId: conversationId, event },
  }),
})

/** A complete response, before the connection was closed. */
export const rawAnswer = (head: readonly string[], body: string): RawAnswer => ({
  text: [head[0], ...head.slice(1), 'Date: <date>', 'Connection: close', '', body].join('\r\n'),
  end: 'FIN',
})

/** The texts of a session's conversation, in the order of their numbers. */
export async function textsOf({ server, conversationId }: ConsumerSession): Promise<unknown[]> {
  const view = await server.account().conversations.get(conversationId)
  const { nextSequence, transcript } = view?.dialogs[0] ?? {}
  const texts = transcript?.map(({ event }) => ('message' in event ? event.message : event.type))
  return [nextSequence, ...(texts ?? [])]
}

/** Resolves once the newest fault of an account has acted for the first time. */
export async function untilActed({ faults }: MockAccount): Promise<void> {
  while (faults.list().at(-1)?.acted === 0) await setImmediate()
}

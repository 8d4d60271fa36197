import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** One answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The bytes received over one connection. */
export interface RawExchange {
  readonly answers: readonly RawAnswer[]
  /** Whether the server ended the connection. */
  readonly isClosed: boolean
}

/** How a connection is used. */
interface ExchangeOptions {
  /**
   * How many answers are waited for; without it, until the server ends the connection.
   * @default Infinity
   */
  readonly answers?: number
  /**
   * Whether this side ends its half after the last byte.
   * @default false
   */
  readonly halfClose?: boolean
}

const toHeaders = (lines: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    lines.map(line => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )

/** Reads whole answers off the beginning of a stream; one without a length reaches to the end of the connection. */
export function readAnswers(
  bytes: Buffer,
  isClosed: boolean,
): { answers: RawAnswer[]; rest: Buffer } {
  const answers: RawAnswer[] = []
  let rest = bytes
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    if (end === -1) return { answers, rest }
    const [first = '', ...lines] = rest.toString('latin1', 0, end).split('\r\n')
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1])
    if (!status) throw new Error(`No status line: ${first}`)
    const headers = toHeaders(lines)
    const start = end + 4
    const isInterim = status < 200
    const length = isInterim ? 0 : headers['content-length']
    if (length === undefined && !isClosed) return { answers, rest }
    const stop = length === undefined ? rest.length : start + Number(length)
    if (stop > rest.length) return { answers, rest }
    if (!isInterim) answers.push({ status, headers, body: rest.toString('utf8', start, stop) })
    rest = rest.subarray(stop)
  }
}

/** Opens a socket to the server; what goes wrong on it later is not an exception. */
export async function openSocket(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  await once(socket, 'connect')
  socket.on('error', () => {})
  return socket
}

/** Reads answers off a socket until there are enough, or the server ends the connection. */
function collect(socket: Socket, answers = Number.POSITIVE_INFINITY): Promise<RawExchange> {
  return new Promise(resolve => {
    let bytes = Buffer.alloc(0)
    const finish = (isClosed: boolean): void => {
      const read = readAnswers(bytes, isClosed)
      if (!isClosed && read.answers.length < answers) return
      socket.destroy()
      resolve({ answers: read.answers, isClosed })
    }
    socket.on('data', chunk => {
      bytes = Buffer.concat([bytes, chunk])
      finish(false)
    })
    socket.on('end', () => finish(true))
    socket.on('close', () => finish(true))
  })
}

/** Writes these bytes to a connection of its own, and reads what comes back. */
export async function exchange(
  url: string,
  chunks: string | Uint8Array | readonly (string | Uint8Array)[],
  { answers, halfClose = false }: ExchangeOptions = {},
): Promise<RawExchange> {
  const socket = await openSocket(url)
  const received = collect(socket, answers)
  const list = typeof chunks === 'string' || chunks instanceof Uint8Array ? [chunks] : chunks
  for (const chunk of list) if (socket.writable) socket.write(chunk)
  if (halfClose) socket.end()
  return received
}

/** Puts the bytes of one request together; a body gets a length unless the headers frame it themselves. */
export function toRequest({
  method = 'POST',
  path,
  headers = {},
  body,
}: {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string | number>>
  readonly body?: string | Uint8Array
}): Buffer {
  const names = Object.keys(headers).map(name => name.toLowerCase())
  const isFramed = names.includes('content-length') || names.includes('transfer-encoding')
  const bytes = Buffer.from(body ?? '')
  const lines = [
    `${method} ${path} HTTP/1.1`,
    ...(names.includes('host') ? [] : ['Host: sendbox']),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(isFramed || body === undefined ? [] : [`Content-Length: ${bytes.length}`]),
  ]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), bytes])
}

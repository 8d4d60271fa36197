import { type IncomingHttpHeaders, request } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import { expect } from 'vitest'
import type { JournalEntry, MockServerOptions } from '../../../src/index.ts'
import { type ConsumerSession, startConsumerSession, text } from '../consumer-session.ts'

/** A header that is left out is `undefined`; one that comes several times is a list. */
export type SentHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

interface SentCall {
  /** @default 'POST' */
  readonly method?: string
  readonly url: string
  readonly headers?: SentHeaders
  readonly body?: string | Uint8Array
}

/** An answer with the reasons that header, journal and log name. */
export interface Refused {
  readonly status: number
  /** The `errorCode`, or the `error` of the token endpoint. */
  readonly code: unknown
  readonly headers: IncomingHttpHeaders
  readonly hint: string | undefined
  readonly problems: readonly string[]
  readonly logged: unknown
}

const codeOf = (answer: string): unknown => {
  const json = (answer === '' ? {} : JSON.parse(answer)) as Record<string, unknown>
  return json['error'] ?? (json['body'] as Record<string, unknown> | undefined)?.['errorCode']
}

/** A session whose log is read, and which sends every byte of a call as it is given. */
export interface HintSession extends ConsumerSession {
  call(call: SentCall): Promise<Refused>
  /** Sends a good SEND, but for these headers and this body. */
  refuse(headers: SentHeaders, body?: string | Uint8Array): Promise<Refused>
}

export async function startHintSession(options: MockServerOptions = {}): Promise<HintSession> {
  const lines: Readonly<Record<string, unknown>>[] = []
  const add = (fields: Readonly<Record<string, unknown>>) => void lines.push(fields)
  const log = { debug: add, info: () => {}, warn: add, error: add }
  const session = await startConsumerSession({ log, ...options })
  const { server, accountId, conversationId } = session
  const call: HintSession['call'] = async ({ method = 'POST', url, headers = {}, body }) => {
    const sent = Object.entries(headers).filter(([, value]) => value !== undefined)
    const outgoing = request(url, {
      method,
      headers: Object.fromEntries(sent) as Record<string, string>,
    })
    const received = new Promise<import('node:http').IncomingMessage>((resolve, reject) =>
      outgoing.on('response', resolve).on('error', reject),
    )
    outgoing.end(body)
    const response = await received
    const answer = await readText(response)
    const entry: JournalEntry | undefined = server.account(accountId).requests.list().at(-1)
    const hint = response.headers['x-sendbox-hint']
    return {
      status: response.statusCode ?? 0,
      code: codeOf(answer),
      headers: response.headers,
      hint: typeof hint === 'string' ? hint : undefined,
      problems: entry?.problems.map(({ message }) => message) ?? [],
      logged: lines.at(-1)?.['hint'],
    }
  }
  const good = JSON.stringify({
    kind: 'req',
    id: '1',
    type: 'ms.PublishEvent',
    body: { dialogId: conversationId, event: text('x') },
  })
  return {
    ...session,
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
    call,
    refuse: (headers, body = good) =>
      call({ url: session.sendUrl, headers: { ...session.headers, ...headers }, body }),
  }
}

/** Expects that header, journal and log name the same reason, with these words in it. */
export function expectReason(refused: Refused, ...words: readonly string[]): void {
  for (const word of words) expect(refused.hint).toContain(word)
  expect(refused.hint).toMatch(/^[\x20-\x7e]{10,500}$/)
  expect([refused.problems[0], refused.logged]).toEqual([refused.hint, refused.hint])
}

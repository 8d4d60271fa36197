import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import {
  type MockServer,
  type SettingsInput,
  startMockServer,
  type TokenPair,
} from '@sendbox/mock-server'
import type { FileUrl } from '@sendbox/schema'

/** The account that every row calls. */
export const accountId = '12345678'

/** The conversation that consumer-1 has open when a row begins. */
export const conversationId = 'conversation-1'

/** Time of the clock at the start of a row: 3 November 2026, 04:05:06.007 UTC. */
export const nowMs = Date.UTC(2026, 10, 3, 4, 5, 6, 7)

/** One HTTP call; nothing is added to it. */
interface HttpCall {
  /** @default 'POST' */
  readonly method?: string
  /** Path and query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
}

/** An answer: its bytes as text, and what they hold as JSON. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** `undefined` where the text is no JSON. */
  readonly json: unknown
}

/** State that a row keeps from one step to the next. */
interface Memory {
  conversationId: string
  file?: FileUrl
}

/** A running mock as one consumer sees it. */
export interface World extends TokenPair {
  readonly url: string
  readonly memory: Memory
  /** Sends one call over a socket. */
  fetch(call: HttpCall): Promise<Answer>
  /** Both tokens of a consumer, of this account or of another. */
  tokensOf(extConsumerId: string, account?: string): Promise<TokenPair>
  /** Opens a conversation without a call. */
  open(extConsumerId: string, id: string): Promise<void>
}

/** How a row's mock is made. */
export interface WorldOptions {
  readonly settings?: SettingsInput
  /**
   * Whether consumer-1 has an open conversation when the row begins.
   * @default true
   */
  readonly hasConversation?: boolean
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function toHeaders({ headers }: IncomingMessage): Headers {
  const answered = new Headers()
  for (const [name, value] of Object.entries(headers)) answered.set(name, String(value))
  return answered
}

async function fetchAnswer(url: string, { method = 'POST', path, headers, body }: HttpCall) {
  // Not `fetch`, which does not let a call name its Host.
  const sent = request(`${url}${path}`, { method, headers }).end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const text = await readText(response)
  return {
    status: response.statusCode ?? 0,
    headers: toHeaders(response),
    text,
    json: parse(text),
  }
}

/** Starts a mock of a row's own, which is closed with the world. */
export async function startWorld({
  settings = {},
  hasConversation = true,
}: WorldOptions): Promise<World & AsyncDisposable> {
  const server: MockServer = await startMockServer({ settings, now: () => nowMs })
  const account = server.account(accountId)
  const open = async (extConsumerId: string, id: string): Promise<void> => {
    await account.conversations.open(extConsumerId, id)
  }
  if (hasConversation) await open('consumer-1', conversationId)
  return {
    ...(await account.tokens('consumer-1')),
    url: server.url,
    memory: { conversationId },
    fetch: call => fetchAnswer(server.url, call),
    tokensOf: (extConsumerId, id = accountId) => server.account(id).tokens(extConsumerId),
    open,
    [Symbol.asyncDispose]: () => server.close(),
  }
}

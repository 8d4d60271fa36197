import { type Client, createClient, isClientError } from '@sendbox/client'
import { type FaultInput, type MockAccount, startMockServer } from '@sendbox/mock-server'
import { createClientClock } from '../client-faults/clock.ts'
import { findDifferences, type Report, type ReportedText } from './check.ts'

/** How much is sent, and what goes wrong meanwhile. */
export interface AgreementOptions {
  readonly sends: number
  readonly conversations: number
  readonly seed: string
  readonly faults: readonly FaultInput[]
  /** Called after each text. */
  readonly onProgress?: (over: number) => void
}

/** The client's reports, and where the mock disagrees with them. */
export interface Agreement {
  readonly counts: Readonly<Record<Report['kind'], number>>
  /** How often each fault acted, in the order in which they were given. */
  readonly acted: readonly number[]
  /** Empty where client and mock agree on every text. */
  readonly differences: readonly string[]
  readonly sendingMs: number
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

/** Turns the outcome of a call into a report. */
const toReport = (call: Promise<{ readonly sequence: number }>): Promise<Report> =>
  call.then(
    ({ sequence }) => ({ kind: 'sent', sequence }),
    (error: unknown) => {
      if (!isClientError(error)) throw error
      return { kind: error.outcomeUnknown ? 'unknown' : 'failed', code: error.code }
    },
  )

/** Makes all calls concurrently, round-robin over the conversations. */
async function sendAll(
  client: Client,
  conversationIds: readonly string[],
  { sends, onProgress }: AgreementOptions,
): Promise<ReportedText[]> {
  let over = 0
  const conversations = conversationIds.map((conversationId, index) =>
    client.conversation(conversationId, { consumer: `consumer ${index}` }),
  )
  return Promise.all(
    upTo(sends).map(async index => {
      const conversation = conversations[index % conversations.length]
      if (conversation === undefined) throw new RangeError('conversations must be 1 or more')
      const text = `text ${index}`
      const report = await toReport(conversation.sendText(text))
      over += 1
      onProgress?.(over)
      return { conversationId: conversation.conversationId, text, report }
    }),
  )
}

const openAll = (account: MockAccount, count: number): Promise<string[]> =>
  Promise.all(
    upTo(count).map(async index => {
      const { conversationId } = await account.conversations.open(`consumer ${index}`)
      return conversationId
    }),
  )

/** Sends texts to a mock that goes wrong, and holds what the client reported against what the mock knows, text by text. */
export async function checkAgreement(options: AgreementOptions): Promise<Agreement> {
  const { sends, seed, faults } = options
  await using server = await startMockServer({
    seed,
    settings: { transcriptEntries: null, journal: { entries: 20 * sends } },
  })
  const account = server.account()
  const conversationIds = await openAll(account, options.conversations)
  for (const fault of faults) account.faults.add(fault)
  const { accountId, clientId, clientSecret } = account
  const { now, timers } = createClientClock()
  await using client = createClient({
    accountId,
    clientId,
    clientSecret,
    domainApiUrl: server.url,
    now,
    timers,
  })
  const startedAt = performance.now()
  const texts = await sendAll(client, conversationIds, options)
  const sendingMs = performance.now() - startedAt
  const countOf = (kind: Report['kind']) =>
    texts.filter(({ report }) => report.kind === kind).length
  return {
    counts: { sent: countOf('sent'), failed: countOf('failed'), unknown: countOf('unknown') },
    acted: account.faults.list().map(({ acted }) => acted),
    differences: await findDifferences(account, conversationIds, texts),
    sendingMs,
  }
}

/** The mix of issue 8: 5 % of all calls meet 503, 2 % a reset, 1 % lose their answer. */
export const mixOfFaults: readonly FaultInput[] = [
  { action: { status: 503 }, probability: 0.05 },
  { action: { reset: true }, probability: 0.02 },
  { action: { loseAnswer: true }, probability: 0.01 },
]

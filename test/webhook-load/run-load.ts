import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Client, createClient, createWebhookHandler } from '@sendbox/client'
import { type MockAccount, startMockServer } from '@sendbox/mock-server'

const eventType = 'ms.MessagingEventNotification.ContentEvent'

/** How many of anything the mock keeps, so that memory does not grow with what was done. */
const kept = 500

/** The size of the load, and a callback for its progress. */
export interface LoadOptions {
  /** How many webhooks are delivered; half of them echo a SEND, the others tell of an agent's message. */
  readonly webhooks: number
  readonly conversations: number
  /** Gives the bytes that are in use now. */
  readonly measureHeap: () => number
  /** Called after each tenth. */
  readonly onProgress?: (tenth: Tenth) => void
}

/** How a tenth of the load went. */
interface Tenth {
  readonly received: number
  readonly heapBytes: number
  /** How many webhooks were caused and not yet received. */
  readonly underWay: number
}

/** The result of a load; times are in ms. */
export interface LoadFigures {
  readonly received: number
  /** Webhooks that did not have the number that comes next in their conversation: lost, twice or out of order. */
  readonly misplaced: readonly string[]
  /** Webhooks that the receiver refused, and errors that its handler threw. */
  readonly troubles: readonly unknown[]
  /** The deliveries that the mock shows, by what the endpoint answered at each attempt. */
  readonly attempts: readonly string[]
  readonly dropped: number
  readonly durationMs: number
  /** How long each SEND took, the shortest first. */
  readonly sendsMs: readonly number[]
  readonly mostUnderWay: number
  readonly tenths: readonly Tenth[]
}

/** Takes webhooks in the order in which they come, and notes which were out of place. */
async function startReceiver(clientSecret: string) {
  const misplaced: string[] = []
  const troubles: unknown[] = []
  const next = new Map<string, number>()
  const receiver = { misplaced, troubles, received: 0, onReceived: () => {} }
  const webhooks = createWebhookHandler({
    clientSecret,
    reorderWithinMs: 0,
    onError: error => troubles.push(error),
    onRefused: refusal => troubles.push(refusal),
    on: {
      ContentEvent({ conversationId, sequence = -1 }) {
        const expected = next.get(conversationId) ?? 0
        if (sequence !== expected)
          misplaced.push(`${conversationId}: ${sequence} in place of ${expected}`)
        next.set(conversationId, sequence + 1)
        receiver.received += 1
        receiver.onReceived()
      },
    },
  })
  const server = createServer((request, response) => void webhooks.handle(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const close = async (): Promise<void> => {
    await webhooks.close()
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return Object.assign(receiver, { url, idle: webhooks.idle, [Symbol.asyncDispose]: close })
}

/** Lets a consumer and an agent write in turn, without a wait for any webhook. */
async function talk(
  { client, account }: { readonly client: Client; readonly account: MockAccount },
  { consumer, texts }: { readonly consumer: string; readonly texts: number },
  onSent: (durationMs: number | undefined) => void,
): Promise<void> {
  const conversation = await client.consumer(consumer).openConversation()
  const agent = account.agent(conversation.conversationId)
  for (let text = 0; text < texts; text += 1) {
    const startedAt = performance.now()
    if (text % 2 === 0) await conversation.sendText(`text ${text}`)
    else await agent.say(`text ${text}`)
    onSent(text % 2 === 0 ? performance.now() - startedAt : undefined)
  }
}

/** Delivers webhooks to a local receiver while sends continue, and measures both. */
export async function runLoad(options: LoadOptions): Promise<LoadFigures> {
  const { webhooks, conversations, measureHeap, onProgress } = options
  await using server = await startMockServer({
    settings: {
      transcriptEntries: kept,
      journal: { entries: kept },
      webhooks: { deliveries: kept },
    },
  })
  const account = server.account()
  const { accountId, clientId, clientSecret } = account
  await using receiver = await startReceiver(clientSecret)
  account.webhooks.register({ [eventType]: { endpoint: receiver.url } })
  await using client = createClient({ accountId, clientId, clientSecret, domainApiUrl: server.url })

  const sendsMs: number[] = []
  const tenths: Tenth[] = []
  let caused = 0
  let mostUnderWay = 0
  receiver.onReceived = () => {
    if (receiver.received % Math.ceil(webhooks / 10) !== 0) return
    const underWay = caused - receiver.received
    const tenth = { received: receiver.received, heapBytes: measureHeap(), underWay }
    tenths.push(tenth)
    onProgress?.(tenth)
  }
  const startedAt = performance.now()
  const texts = webhooks / conversations
  const talks = Array.from({ length: conversations }, (_, index) =>
    talk({ client, account }, { consumer: `consumer-${index}`, texts }, durationMs => {
      caused += 1
      mostUnderWay = Math.max(mostUnderWay, caused - receiver.received)
      if (durationMs !== undefined) sendsMs.push(durationMs)
    }),
  )
  await Promise.all(talks)
  await account.webhooks.idle()
  await receiver.idle()
  return {
    received: receiver.received,
    misplaced: receiver.misplaced,
    troubles: receiver.troubles,
    attempts: account.webhooks
      .list()
      .map(({ attempts }) => attempts.map(({ outcome }) => outcome).join()),
    dropped: account.webhooks.dropped,
    durationMs: performance.now() - startedAt,
    sendsMs: sendsMs.toSorted((a, b) => a - b),
    mostUnderWay,
    tenths,
  }
}

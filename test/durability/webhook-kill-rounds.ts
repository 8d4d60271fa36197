import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { createRandom } from '../hostile/random.ts'
import { type Caller, createCaller, openTalk, type Talk, toSend } from './load.ts'
import { startMock } from './start-mock.ts'

interface WebhookKillOptions {
  /** Where the mock keeps its data, over all rounds. */
  readonly folder: string
  readonly rounds: number
  /** Decides when the mock is killed, and which notifications the receiver refuses. */
  readonly seed: number
  readonly onRound?: (report: WebhookKillReport) => void
}

/** The results so far. */
export interface WebhookKillReport {
  readonly rounds: number
  /** Texts that were answered with 200. */
  readonly acknowledged: number
  /** Notifications that the receiver got. */
  readonly received: number
  /** Texts whose notification it accepted more than once. */
  readonly repeated: number
  /** The problems, one per line; must be empty. */
  readonly problems: readonly string[]
}

/** One account for each way to retry; `steady` is never refused, so that its order holds. */
const accounts = {
  retention: { path: '/retention', retry: { retention_time: 3600 }, isRefused: true },
  steady: { path: '/steady', retry: { retention_time: 3600 }, isRefused: false },
  number: { path: '/number', max_retries: 3, isRefused: true },
} as const
type AccountId = keyof typeof accounts
const accountIds = Object.keys(accounts) as AccountId[]

const contentType = 'ms.MessagingEventNotification.ContentEvent'
const talksPerAccount = 3
const connections = 16

/** After how many answers the mock is killed, at least and beyond that. */
const leastAnswers = 10
const moreAnswers = 150

/** Every so many rounds the mock is killed once more, while it starts: after this many ms at most. */
const startKillEvery = 5
const startKillMs = 900

/** Share of the notifications that the receiver refuses, or breaks off. */
const refusedShare = 0.3

/** Retries have their times by then, in ms of the account's clock. */
const retriesMs = 300_000

interface Notification {
  readonly body: { readonly changes: readonly { readonly event: { readonly message: string } }[] }
}

/** A connector that refuses at random until a test lets it accept. */
async function startReceiver(seed: number) {
  const random = createRandom(seed)
  /** The messages in the order of their first attempts, and how often each was accepted. */
  const first: string[] = []
  const accepted = new Map<string, number>()
  const state = { isAccepting: false, received: 0 }
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { body } = JSON.parse(await text(request)) as Notification
    const message = body.changes[0]?.event.message ?? ''
    if (!accepted.has(message)) {
      first.push(message)
      accepted.set(message, 0)
    }
    state.received += 1
    const isRefused = !state.isAccepting && request.url !== accounts.steady.path
    if (isRefused && random.below(100) < refusedShare * 100) {
      if (random.below(2) === 0) response.writeHead(503).end()
      else request.socket.destroy()
      return
    }
    accepted.set(message, (accepted.get(message) ?? 0) + 1)
    response.writeHead(200).end()
  }
  const server = createServer((request, response) => {
    take(request, response).catch(() => request.socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    state,
    first,
    accepted,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
type Receiver = Awaited<ReturnType<typeof startReceiver>>

const control = (accountId: string, rest: string): string =>
  `/__sendbox/accounts/${accountId}/${rest}`

async function install({ call }: Caller, accountId: AccountId, url: string): Promise<void> {
  const { path, ...policy } = accounts[accountId]
  const webhook = {
    endpoint: `${url}${path}`,
    ...('max_retries' in policy && { max_retries: policy.max_retries }),
  }
  const webhooks = { [contentType]: webhook, ...('retry' in policy && { retry: policy.retry }) }
  const { status, json } = await call('PUT', control(accountId, 'app-install'), {
    clientId: 'sendbox-client',
    clientSecret: 'sendbox-secret',
    capabilities: { webhooks },
  })
  if (status !== 200) throw new Error(`No install: ${JSON.stringify(json)}`)
}

/** Sends one text after the other until the mock is gone; `sent` has each, with whether it was answered. */
async function sayUntilGone(
  { call }: Caller,
  talk: Talk,
  sent: Map<string, boolean>,
  onAnswer: () => void,
): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    const message = `${talk.consumer} ${turn}`
    sent.set(message, false)
    const event = { type: 'ContentEvent', contentType: 'text/plain', message }
    const body = { dialogId: talk.conversationId, event }
    const request = { kind: 'req', id: '1', type: 'ms.PublishEvent', body }
    const { status, json } = await call('POST', toSend(talk), request, talk.headers)
    if (status !== 200) throw new Error(`Refused: ${JSON.stringify(json)}`)
    sent.set(message, true)
    onAnswer()
  }
}

/** A call that was refused is a fault of the test or of the mock; one that broke off is what a kill does. */
const isRefusal = (reason: unknown): boolean =>
  reason instanceof Error && !('code' in reason) && !(reason instanceof SyntaxError)

/** Kills a mock while it starts, at a random moment. */
async function killWhileStarting(folder: string, afterMs: number): Promise<void> {
  const starting = startMock('--data', folder).then(
    mock => mock.kill(),
    () => undefined,
  )
  await Promise.race([starting, delay(afterMs)])
  await starting
}

/** Waits until nothing is queued, stored or waits for its time any more. */
async function drain({ call }: Caller): Promise<string[]> {
  const problems: string[] = []
  for (const accountId of accountIds) {
    await call('PUT', control(accountId, 'clock'), { advanceMs: retriesMs })
    const { json } = await call('GET', control(accountId, 'webhooks'))
    const { deliveries } = json as {
      readonly deliveries: readonly { readonly state: string; readonly deliveryId: string }[]
    }
    for (const { state, deliveryId } of deliveries)
      if (state === 'pending' || state === 'stored')
        problems.push(`${accountId}: ${deliveryId} is still ${state}`)
  }
  return problems
}

async function checkTalk(
  { call }: Caller,
  talk: Talk,
  sent: ReadonlyMap<string, boolean>,
  { first, accepted }: Receiver,
): Promise<string[]> {
  const problems: string[] = []
  const { json } = await call(
    'GET',
    control(talk.accountId, `conversations/${talk.conversationId}`),
  )
  const [dialog] = (
    json as {
      readonly dialogs: readonly {
        readonly transcript: readonly { readonly event: { readonly message: string } }[]
      }[]
    }
  ).dialogs
  const onDisk = new Set(dialog?.transcript.map(({ event }) => event.message))
  const own = first.filter(message => message.startsWith(`${talk.consumer} `))
  for (const [message, isAcknowledged] of sent) {
    const count = accepted.get(message)
    if (isAcknowledged && !count && talk.accountId !== 'number')
      problems.push(`"${message}" was answered and never delivered`)
    if (isAcknowledged && count === undefined)
      problems.push(`"${message}" was answered and never attempted`)
  }
  for (const message of own)
    if (!onDisk.has(message)) problems.push(`"${message}" was delivered and is not on disk`)
  // In RECOVERED the order may be lost (WH-11), and `retention` goes through it.
  const turns = own.map(message => Number(message.split(' ').at(-1)))
  if (talk.accountId !== 'retention' && turns.some((turn, index) => turn !== index))
    problems.push(`${talk.consumer}: first attempts are out of order: ${turns.join()}`)
  return problems
}

/**
 * Sends texts whose webhooks go to a receiver that fails at random, kills the mock at a random moment, starts it again, lets the receiver
 * accept all, and compares what it got with what was answered; again and again on the same folder.
 */
export async function runWebhookKillRounds(
  options: WebhookKillOptions,
): Promise<WebhookKillReport> {
  const random = createRandom(options.seed)
  await using receiver = await startReceiver(options.seed)
  let report: WebhookKillReport = {
    rounds: 0,
    acknowledged: 0,
    received: 0,
    repeated: 0,
    problems: [],
  }
  for (let round = 1; round <= options.rounds; round += 1) {
    const talks = new Map<Talk, Map<string, boolean>>()
    const problems: string[] = []
    receiver.state.isAccepting = false
    {
      await using mock = await startMock('--data', options.folder)
      const caller = createCaller(mock.url, connections)
      for (const accountId of accountIds) {
        if (round === 1) await install(caller, accountId, receiver.url)
        for (let index = 0; index < talksPerAccount; index += 1)
          talks.set(await openTalk(caller, accountId, `${accountId}-${round}-${index}`), new Map())
      }
      let left = leastAnswers + random.below(moreAnswers)
      const onAnswer = (): void => {
        left -= 1
        if (left === 0) mock.child.kill('SIGKILL')
      }
      const ended = await Promise.allSettled(
        [...talks].map(([talk, sent]) => sayUntilGone(caller, talk, sent, onAnswer)),
      )
      for (const end of ended)
        if (end.status === 'rejected' && isRefusal(end.reason)) problems.push(String(end.reason))
      await caller.destroy()
    }
    if (round % startKillEvery === 0)
      await killWhileStarting(options.folder, random.below(startKillMs))
    receiver.state.isAccepting = true
    await using mock = await startMock('--data', options.folder)
    const caller = createCaller(mock.url, 4)
    problems.push(...(await drain(caller)))
    for (const [talk, sent] of talks)
      problems.push(...(await checkTalk(caller, talk, sent, receiver)))
    await caller.destroy()
    if (mock.errors() !== '') problems.push(mock.errors())
    const answered = [...talks.values()].flatMap(sent => [...sent.values()].filter(Boolean))
    report = {
      rounds: round,
      acknowledged: report.acknowledged + answered.length,
      received: receiver.state.received,
      repeated: [...receiver.accepted.values()].filter(count => count > 1).length,
      problems: [...report.problems, ...problems.map(problem => `round ${round}: ${problem}`)],
    }
    options.onRound?.(report)
  }
  return report
}

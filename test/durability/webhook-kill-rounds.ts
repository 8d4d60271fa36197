import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createRandom } from '../hostile/random.ts'
import type { LaneOptions, LaneReport } from './kill-lanes.ts'
import {
  type Caller,
  control,
  createCaller,
  openTalk,
  type Talk,
  toSend,
  untilGone,
} from './load.ts'
import {
  checkReplaced,
  createReplacedAccount,
  type ReplacedAccount,
  replaceOn,
} from './replaced-account.ts'
import { killWhileStarting, type MockProcess, sourceProgram, startProgram } from './start-mock.ts'

/** The results so far. */
export interface WebhookKillReport extends LaneReport {
  /** Texts that were answered with 200. */
  readonly acknowledged: number
  /** Those of them whose notification the receiver accepted. */
  readonly delivered: number
  /** Notifications that the receiver got. */
  readonly received: number
  /** Texts whose notification it accepted more than once. */
  readonly repeated: number
  /** Resets and restores of a whole account that were answered with 200. */
  readonly replaced: number
  /** Kills of a mock that was starting. */
  readonly startKills: number
}

/** The ways to retry; notifications to `steady` are never refused, so that their order holds. */
const policies = {
  retention: { path: '/retention', retry: { retention_time: 3600 } },
  steady: { path: '/steady', retry: { retention_time: 3600 } },
  number: { path: '/number', max_retries: 3 },
} as const
type Policy = keyof typeof policies
const policyNames = Object.keys(policies) as Policy[]

/** The accounts of a round by their policies; one of them is new, so that accounts are born after each restart. */
const toAccounts = (round: number): ReadonlyMap<string, Policy> =>
  new Map([...policyNames.map(name => [name, name] as const), [`born-${round}`, 'steady']])

const contentType = 'ms.MessagingEventNotification.ContentEvent'
const talksPerAccount = 3
const connections = 16

/** After how many answers the mock is killed, at least and beyond that. */
const leastAnswers = 10
const moreAnswers = 150

/** Every so many rounds the mock is killed once more, while it starts. */
const startKillEvery = 5

/** Every so many rounds no control call is made beside the texts: such a call writes what is not on disk yet. */
const quietEvery = 2

/** Share of the notifications that the receiver refuses, or breaks off. */
const refusedShare = 0.3

/** Retries have their times by then, in ms of the account's clock. */
const retriesMs = 300_000

/** A slow machine must not count as a refusal, which would change the order of `steady`. */
const settings = { webhooks: { connectTimeoutMs: 60_000, readTimeoutMs: 60_000 } }

function toMessage(json: string): string {
  const { body } = JSON.parse(json) as {
    readonly body: { readonly changes: readonly { readonly event: { readonly message: string } }[] }
  }
  return body.changes[0]?.event.message ?? ''
}

/** A connector that refuses at random until a test lets it accept. */
async function startReceiver(seed: number) {
  const random = createRandom(seed)
  /** How often each message came, in the order in which they came first, and how often it was accepted. */
  const attempts = new Map<string, number>()
  const accepted = new Map<string, number>()
  const state = { isAccepting: false, received: 0 }
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const message = toMessage(await text(request))
    attempts.set(message, (attempts.get(message) ?? 0) + 1)
    state.received += 1
    const isRefused = !state.isAccepting && request.url !== policies.steady.path
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
    attempts,
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

async function install(
  { call }: Caller,
  accountId: string,
  policy: Policy,
  url: string,
): Promise<void> {
  const { path, ...retries } = policies[policy]
  const webhook = {
    endpoint: `${url}${path}`,
    ...('max_retries' in retries && { max_retries: retries.max_retries }),
  }
  const webhooks = { [contentType]: webhook, ...('retry' in retries && { retry: retries.retry }) }
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

interface Drained {
  readonly problems: string[]
  /** The outcomes of the attempts that the mock made, by message; what had ended before the kill is left out. */
  readonly outcomes: ReadonlyMap<string, readonly unknown[]>
}

/** Waits until nothing is queued, stored or waits for its time any more. */
async function drain({ call }: Caller, accountIds: Iterable<string>): Promise<Drained> {
  const problems: string[] = []
  const outcomes = new Map<string, readonly unknown[]>()
  for (const accountId of accountIds) {
    await call('PUT', control(accountId, 'clock'), { advanceMs: retriesMs })
    const { json } = await call('GET', control(accountId, 'webhooks'))
    const { deliveries } = json as {
      readonly deliveries: readonly {
        readonly state: string
        readonly deliveryId: string
        readonly body: string
        readonly attempts: readonly { readonly outcome: unknown }[]
      }[]
    }
    for (const { state, deliveryId, body, attempts } of deliveries) {
      if (state === 'pending' || state === 'stored')
        problems.push(`${accountId}: ${deliveryId} is still ${state}`)
      const sent = attempts.map(({ outcome }) => outcome)
      outcomes.set(toMessage(body), sent)
    }
  }
  return { problems, outcomes }
}

async function checkTalk(
  { call }: Caller,
  talk: Talk,
  policy: Policy,
  sent: ReadonlyMap<string, boolean>,
  { attempts, accepted }: Receiver,
  outcomes: Drained['outcomes'],
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
  const own = [...attempts.keys()].filter(message => message.startsWith(`${talk.consumer} `))
  for (const [message, isAcknowledged] of sent) {
    if (isAcknowledged && !accepted.has(message) && policy !== 'number')
      problems.push(`"${message}" was answered and never delivered`)
    if (isAcknowledged && !attempts.has(message))
      problems.push(`"${message}" was answered and never attempted`)
  }
  for (const message of own)
    if (!onDisk.has(message)) problems.push(`"${message}" was delivered and is not on disk`)
  // Where an attempt broke off before the receiver had read it, only a later one is seen.
  const isSeen = (message: string): boolean =>
    (outcomes.get(message)?.length ?? 0) <= (attempts.get(message) ?? 0)
  const turns = own.filter(isSeen).map(message => Number(message.split(' ').at(-1)))
  // In RECOVERED the order may be lost (WH-11), and `retention` goes through it.
  if (policy !== 'retention' && turns.some((turn, index) => turn < (turns[index - 1] ?? 0)))
    problems.push(
      `${talk.consumer}: first attempts are out of order: ${own.map(message => `${message}: ${outcomes.get(message)?.join()}`).join('; ')}`,
    )
  return problems
}

type Talks = ReadonlyMap<Talk, Map<string, boolean>>

interface Scene {
  readonly mock: MockProcess
  readonly caller: Caller
  readonly receiver: Receiver
  readonly replaced: ReplacedAccount
}

/** Sends texts, with or without other changes beside them, to a mock that is killed after so many answers. */
async function loadUntilKilled(
  { mock, caller, receiver, replaced }: Scene,
  round: number,
  answers: number,
): Promise<{ readonly talks: Talks; readonly problems: string[] }> {
  const talks = new Map<Talk, Map<string, boolean>>()
  for (const [accountId, policy] of toAccounts(round)) {
    if (round === 1 || accountId !== policy) await install(caller, accountId, policy, receiver.url)
    for (let index = 0; index < talksPerAccount; index += 1)
      talks.set(await openTalk(caller, accountId, `${accountId}-${round}-${index}`), new Map())
  }
  let left = answers
  const onAnswer = (): void => {
    left -= 1
    if (left === 0) mock.child.kill('SIGKILL')
  }
  const problems = await untilGone([
    ...[...talks].map(([talk, sent]) => sayUntilGone(caller, talk, sent, onAnswer)),
    ...(round % quietEvery === 0 ? [] : [replaceOn(caller, replaced)]),
  ])
  return { talks, problems }
}

/** Compares what a mock and the receiver have after a restart with what was answered. */
async function checkAfterKill(
  { mock, caller, receiver, replaced }: Scene,
  round: number,
  talks: Talks,
): Promise<string[]> {
  receiver.state.isAccepting = true
  const accounts = toAccounts(round)
  const replacements = await checkReplaced(caller, replaced)
  const { problems: unfinished, outcomes } = await drain(caller, accounts.keys())
  const problems = [...replacements, ...unfinished]
  for (const [talk, sent] of talks) {
    const policy = accounts.get(talk.accountId) ?? 'steady'
    problems.push(...(await checkTalk(caller, talk, policy, sent, receiver, outcomes)))
  }
  receiver.state.isAccepting = false
  if (mock.errors() !== '') problems.push(mock.errors())
  return problems
}

/**
 * Sends texts whose webhooks go to a receiver that fails at random, kills the mock at a random moment, starts it again, lets the receiver
 * accept all, and compares what it got with what was answered; then kills this mock, again and again on the same folder. In every other
 * round an account is reset and restored beside the texts.
 */
export async function runWebhookKillRounds({
  folder,
  rounds,
  seed,
  program = sourceProgram,
  onRound,
}: LaneOptions<WebhookKillReport>): Promise<WebhookKillReport> {
  const random = createRandom(seed)
  await using receiver = await startReceiver(seed)
  const answered: string[] = []
  const problems: string[] = []
  let startKills = 0
  const flags = ['--data', folder, '--settings', JSON.stringify(settings)]
  let mock = await startProgram(program, flags)
  let caller = createCaller(mock.url, connections)
  const replaced = await createReplacedAccount(caller, 'replaced')
  const toReport = (round: number): WebhookKillReport => ({
    rounds: round,
    acknowledged: answered.length,
    delivered: answered.filter(message => receiver.accepted.has(message)).length,
    received: receiver.state.received,
    repeated: [...receiver.accepted.values()].filter(count => count > 1).length,
    replaced: replaced.count,
    startKills,
    problems: [...problems],
  })
  for (let round = 1; round <= rounds; round += 1) {
    const answers = leastAnswers + random.below(moreAnswers)
    const loaded = await loadUntilKilled({ mock, caller, receiver, replaced }, round, answers)
    await caller.destroy()
    await mock.kill()
    if (round % startKillEvery === 0) {
      await killWhileStarting(program, folder, random.below(mock.startMs))
      startKills += 1
    }
    mock = await startProgram(program, flags)
    caller = createCaller(mock.url, connections)
    const scene = { mock, caller, receiver, replaced }
    const found = [...loaded.problems, ...(await checkAfterKill(scene, round, loaded.talks))]
    problems.push(...found.map(problem => `round ${round}: ${problem}`))
    for (const sent of loaded.talks.values())
      for (const [message, isAcknowledged] of sent) if (isAcknowledged) answered.push(message)
    onRound?.(toReport(round))
  }
  await caller.destroy()
  await mock.kill()
  return toReport(rounds)
}

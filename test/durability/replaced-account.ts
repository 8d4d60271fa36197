import { isDeepStrictEqual } from 'node:util'
import { type Caller, control, openTalk, sendChatState, sendEvent, uploadFile } from './load.ts'

type Snapshot = Readonly<Record<string, unknown>>

/** A whole state of an account; without a snapshot for the initial one. */
interface WholeState {
  readonly name: string
  readonly snapshot: Snapshot
}

/** An account that is only reset and restored, so that it always equals one of its states. */
export interface ReplacedAccount {
  readonly accountId: string
  readonly initial: WholeState
  readonly filled: readonly [WholeState, WholeState]
  /** The state that was answered for last. */
  acknowledged: WholeState
  /** The state of the call that was not answered. */
  inFlight: WholeState
  /** Resets and restores that were answered for. */
  count: number
}

async function readSnapshot({ call }: Caller, accountId: string): Promise<Snapshot> {
  const { status, json } = await call('GET', control(accountId, 'snapshot'))
  if (status !== 200) throw new Error(`No snapshot: ${JSON.stringify(json)}`)
  return json as Snapshot
}

/** Where nothing listens: each webhook is stored, and the clock is frozen before its next attempt. */
const deadEndpoint = 'http://127.0.0.1:9/'

const contentType = 'ms.MessagingEventNotification.ContentEvent'

/** Gives an account something in each part that the data folder has. */
async function fill(caller: Caller, accountId: string, name: string): Promise<WholeState> {
  const change = async (method: string, rest: string, body?: object): Promise<void> => {
    const { status, json } = await caller.call(method, control(accountId, rest), body)
    if (status !== 200) throw new Error(`${rest} was refused: ${JSON.stringify(json)}`)
  }
  await change('POST', 'reset')
  await change('PUT', 'clock', { freeze: true, advanceMs: name.length })
  await change('PUT', 'app-install', {
    clientId: `client of ${name}`,
    capabilities: {
      webhooks: { [contentType]: { endpoint: deadEndpoint }, retry: { retention_time: 3600 } },
    },
  })
  const talk = await openTalk(caller, accountId, name)
  for (let turn = 0; turn < 20; turn += 1) {
    const message = `${name} ${turn}`
    await sendEvent(caller, talk, { type: 'ContentEvent', contentType: 'text/plain', message }, '')
  }
  await sendChatState(caller, talk)
  await uploadFile(caller, talk, `a file of ${name}`)
  await change('POST', 'webhooks/idle')
  return { name, snapshot: await readSnapshot(caller, accountId) }
}

/** Records the states between which an account changes. */
export async function createReplacedAccount(
  caller: Caller,
  accountId: string,
): Promise<ReplacedAccount> {
  const initial = { name: 'reset', snapshot: await readSnapshot(caller, accountId) }
  const one = await fill(caller, accountId, 'one')
  const other = await fill(caller, accountId, 'another one')
  const filled = [one, other] as const
  return { accountId, initial, filled, acknowledged: other, inFlight: other, count: 0 }
}

/** Resets and restores the account again and again until the mock is gone. */
export async function replaceOn({ call }: Caller, account: ReplacedAccount): Promise<void> {
  const { accountId, initial, filled } = account
  const [one, other] = filled
  for (;;)
    for (const state of [one, other, initial, other, one, initial]) {
      account.inFlight = state
      const { status, json } =
        state === initial
          ? await call('POST', control(accountId, 'reset'))
          : await call('PUT', control(accountId, 'snapshot'), state.snapshot)
      if (status !== 200) throw new Error(`Refused: ${JSON.stringify(json)}`)
      account.acknowledged = state
      account.count += 1
    }
}

/** After a kill the account equals, in all its parts, what was answered for last or what was in flight. */
export async function checkReplaced(caller: Caller, account: ReplacedAccount): Promise<string[]> {
  const { acknowledged, inFlight, initial, filled, accountId } = account
  const found = await readSnapshot(caller, accountId)
  const state = [acknowledged, inFlight].find(({ snapshot }) => isDeepStrictEqual(found, snapshot))
  if (state !== undefined) {
    Object.assign(account, { acknowledged: state, inFlight: state })
    return []
  }
  const parts = new Set([...Object.keys(found), ...Object.keys(inFlight.snapshot)])
  const origins = [...parts].map(part => {
    const like = [initial, ...filled].filter(({ snapshot }) =>
      isDeepStrictEqual(found[part], snapshot[part]),
    )
    return `${part} as of ${like.map(({ name }) => name).join(' or ') || 'none'}`
  })
  return [
    `${accountId} is neither "${acknowledged.name}" nor "${inFlight.name}" as a whole: ${origins.join('; ')}`,
  ]
}

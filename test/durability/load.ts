import { operations, toPath } from '@sendbox/schema'
import { Pool } from 'undici'

/** A counted send, from before it left until what was answered. */
interface SentEvent {
  readonly dialogId: string
  readonly marker: string
  /** The number that was answered; absent where no answer came. */
  sequence?: number
}

/** A chat state that was sent; `isAcknowledged` once it was answered. */
interface SentChatState {
  readonly dialogId: string
  isAcknowledged: boolean
}

/** One consumer and the events they sent; continues across restarts. */
export interface Talk {
  readonly accountId: string
  readonly consumer: string
  headers: Readonly<Record<string, string>>
  conversationId: string
  readonly sent: SentEvent[]
  readonly chatStates: SentChatState[]
  /** Files that were uploaded and answered, by path, with their text. */
  readonly files: Map<string, string>
  /** The last name that was set and answered for, and one whose answer did not come. */
  profile?: { acknowledged?: string; inFlight?: string }
}

interface Answer {
  readonly status: number
  readonly json: unknown
}

export interface Caller {
  readonly call: (
    method: string,
    target: string,
    body?: unknown,
    headers?: Talk['headers'],
  ) => Promise<Answer>
  readonly destroy: () => Promise<void>
}

export function createCaller(url: string, connections: number): Caller {
  const pool = new Pool(url, { connections, pipelining: 1 })
  return {
    async call(method, target, body, headers = {}) {
      const { statusCode, body: answer } = await pool.request({
        method,
        path: target,
        headers: { 'content-type': 'application/json', ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await answer.text()
      return {
        status: statusCode,
        json: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
      }
    },
    destroy: () => pool.destroy(),
  }
}

/** The path of a control call on an account. */
export const control = (accountId: string, rest: string): string =>
  `/__sendbox/accounts/${accountId}/${rest}`

/** Opens a conversation by the API's own batch, profile included. Rule: CON-2. */
export async function openTalk(
  { call }: Caller,
  accountId: string,
  consumer: string,
): Promise<Talk> {
  const tokens = await call('POST', control(accountId, 'tokens'), { consumer })
  const { appJwt, consumerJws } = tokens.json as Readonly<Record<'appJwt' | 'consumerJws', string>>
  const headers = { authorization: appJwt, 'x-lp-on-behalf': consumerJws }
  const target = `${toPath(operations.conversation.path, { accountId })}?v=3`
  const batch = [
    { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: { firstName: consumer } },
    {
      kind: 'req',
      id: '2',
      type: 'cm.ConsumerRequestConversation',
      body: { brandId: accountId },
    },
  ]
  const { status, json } = await call('POST', target, batch, headers)
  if (status !== 200) throw new Error(`No conversation: ${JSON.stringify(json)}`)
  const [, opened] = json as readonly { readonly body: { readonly conversationId: string } }[]
  const conversationId = opened?.body.conversationId ?? ''
  return {
    accountId,
    consumer,
    headers,
    conversationId,
    sent: [],
    chatStates: [],
    files: new Map(),
    profile: { acknowledged: consumer },
  }
}

export const toSend = ({ accountId }: Talk): string =>
  `${toPath(operations.send.path, { accountId })}?v=3`

const publish = (talk: Talk, event: unknown): unknown => ({
  kind: 'req',
  id: '1',
  type: 'ms.PublishEvent',
  body: { dialogId: talk.conversationId, event },
})

export async function sendEvent(
  { call }: Caller,
  talk: Talk,
  event: object,
  marker: string,
): Promise<void> {
  const entry: SentEvent = { dialogId: talk.conversationId, marker }
  talk.sent.push(entry)
  const { status, json } = await call('POST', toSend(talk), publish(talk, event), talk.headers)
  if (status !== 200) throw new Error(`Refused: ${JSON.stringify(json)}`)
  entry.sequence = (json as { readonly body: { readonly sequence: number } }).body.sequence
}

export async function sendChatState({ call }: Caller, talk: Talk): Promise<void> {
  const entry = { dialogId: talk.conversationId, isAcknowledged: false }
  talk.chatStates.push(entry)
  const event = { type: 'ChatStateEvent', chatState: 'COMPOSING' }
  const { status } = await call('POST', toSend(talk), publish(talk, event), talk.headers)
  entry.isAcknowledged = status === 200
}

async function setProfile({ call }: Caller, talk: Talk, firstName: string): Promise<void> {
  const body = { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: { firstName } }
  talk.profile = { ...talk.profile, inFlight: firstName }
  const { status } = await call('POST', toSend(talk), body, talk.headers)
  if (status === 200) talk.profile = { acknowledged: firstName }
}

export async function uploadFile({ call }: Caller, talk: Talk, marker: string): Promise<void> {
  const request = {
    kind: 'req',
    id: '1',
    type: 'ms.GenerateURLForUploadFile',
    body: { fileSize: marker.length, fileType: 'JPG' },
  }
  const asked = await call('POST', toSend(talk), request, talk.headers)
  const { relativePath, queryParams } = (
    asked.json as {
      readonly body: {
        readonly relativePath: string
        readonly queryParams: Readonly<Record<string, string>>
      }
    }
  ).body
  const target = `${relativePath}?${new URLSearchParams(queryParams).toString()}`
  const { status } = await call('PUT', target, marker, { 'content-type': 'image/jpeg' })
  if (status === 201) talk.files.set(relativePath, marker)
}

/** Sends one thing after the other until the mock is gone; the first worker of a talk also says who the consumer is. */
export async function talkOn(
  caller: Caller,
  talk: Talk,
  worker: number,
  noteAnswer: () => void,
): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    const marker = `${talk.consumer} ${worker} ${turn}`
    const share = (turn + worker) % 12
    if (share === 3) await sendChatState(caller, talk)
    else if (share === 7 && worker === 0) await setProfile(caller, talk, marker)
    else if (share === 10) await uploadFile(caller, talk, marker)
    else if (share === 5) {
      const receipt = { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [worker, turn] }
      await sendEvent(caller, talk, receipt, `READ ${worker},${turn}`)
    } else {
      const text = { type: 'ContentEvent', contentType: 'text/plain', message: marker }
      await sendEvent(caller, talk, text, marker)
    }
    noteAnswer()
  }
}

/** Changes of an account that the control API acknowledged, and those in flight. */
export interface Told {
  readonly clientId: { acknowledged?: string; inFlight?: string }
  /** Time of the frozen clock, in ms since the epoch. */
  readonly clock: { acknowledged?: number }
}

export const createTold = (): Told => ({ clientId: {}, clock: {} })

/** By how much a clock is advanced each time, in ms. */
export const clockStepMs = 7

/** Changes the account's app install and clock again and again until the mock is gone. */
export async function tellOn(
  { call }: Caller,
  accountId: string,
  told: Told,
  round: number,
): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    const clientId = `client-${round}-${turn}`
    told.clientId.inFlight = clientId
    const body = { clientId, clientSecret: `${clientId}-secret` }
    await call('PUT', control(accountId, 'app-install'), body)
    told.clientId.acknowledged = clientId
    const change = { freeze: true, advanceMs: clockStepMs }
    const { json } = await call('PUT', control(accountId, 'clock'), change)
    told.clock.acknowledged = (json as { readonly now: number }).now
  }
}

/** A call that was refused is a fault of the test or of the mock; one that broke off is what a kill does. */
const isRefusal = (reason: unknown): boolean =>
  reason instanceof Error && !('code' in reason) && !(reason instanceof SyntaxError)

/** Waits until all work has ended because the mock is gone; returns the refusals that ended it before. */
export async function untilGone(work: readonly Promise<void>[]): Promise<string[]> {
  const ended = await Promise.allSettled(work)
  return ended.flatMap(result =>
    result.status === 'rejected' && isRefusal(result.reason) ? [String(result.reason)] : [],
  )
}

import { operations, toPath } from '@sendbox/schema'
import { type Caller, clockStepMs, type Talk, type Told, toSend } from './load.ts'

/** The result of the comparison after a restart. */
export interface Survival {
  /** Counted sends that had been answered. */
  readonly acknowledged: number
  /** Sends without a response that were persisted nevertheless. */
  readonly inFlight: number
  /** The problems, one per line. */
  readonly problems: readonly string[]
}

interface Entry {
  readonly sequence: number
  readonly event: {
    readonly type: string
    readonly message?: string
    readonly status?: string
    readonly sequenceList?: readonly number[]
  }
}

interface View {
  readonly dialogs: readonly {
    readonly nextSequence: number
    readonly chatStateHistory: readonly unknown[]
    readonly transcript: readonly Entry[]
  }[]
}

const markerOf = ({ event: { message, status, sequenceList } }: Entry): string =>
  message ?? `${status} ${sequenceList?.join(',')}`

const under = ({ accountId }: Talk, rest: string): string =>
  `/__sendbox/accounts/${accountId}/${rest}`

/** The transcript must be what was answered, each under its number, and besides that only what had no answer. */
function checkTranscript(talk: Talk, view: View): Survival {
  const [dialog] = view.dialogs
  const transcript = dialog?.transcript ?? []
  const problems: string[] = []
  const where = `${talk.accountId}/${talk.conversationId}`
  const sequences = transcript.map(({ sequence }) => sequence)
  if (sequences.some((sequence, index) => sequence !== index))
    problems.push(`${where}: numbers have a gap or are out of order: ${sequences.join()}`)
  if (dialog?.nextSequence !== transcript.length)
    problems.push(`${where}: next is ${dialog?.nextSequence} after ${transcript.length} entries`)
  const bySequence = new Map(transcript.map(entry => [entry.sequence, entry]))
  const open = new Map<string, number>()
  let acknowledged = 0
  for (const { sequence, marker } of talk.sent) {
    if (sequence === undefined) {
      open.set(marker, (open.get(marker) ?? 0) + 1)
      continue
    }
    acknowledged += 1
    const entry = bySequence.get(sequence)
    if (entry === undefined || markerOf(entry) !== marker)
      problems.push(
        `${where}: ${marker} was answered with ${sequence}, there is ${entry && markerOf(entry)}`,
      )
  }
  const answered = new Set(talk.sent.flatMap(({ sequence }) => sequence ?? []))
  const others = transcript.filter(({ sequence }) => !answered.has(sequence))
  for (const entry of others) {
    const marker = markerOf(entry)
    const left = open.get(marker) ?? 0
    if (left === 0) problems.push(`${where}: ${marker} under ${entry.sequence} was never in flight`)
    open.set(marker, left - 1)
    // It is durable from now on.
    const sent = talk.sent.find(event => event.marker === marker && event.sequence === undefined)
    if (sent) sent.sequence = entry.sequence
  }
  return { acknowledged, inFlight: others.length, problems }
}

function checkChatStates(talk: Talk, view: View): string[] {
  const found = view.dialogs[0]?.chatStateHistory.length ?? 0
  const acknowledged = talk.chatStates.filter(({ isAcknowledged }) => isAcknowledged).length
  const isRight = found >= acknowledged && found <= talk.chatStates.length
  for (const [index, state] of talk.chatStates.entries()) state.isAcknowledged = index < found
  talk.chatStates.length = found
  return isRight
    ? []
    : [`${talk.consumer}: ${found} chat states of ${acknowledged} that were answered`]
}

async function checkProfile({ call }: Caller, talk: Talk): Promise<string[]> {
  const { json } = await call('GET', under(talk, `profiles/${encodeURIComponent(talk.consumer)}`))
  const found = (json as { readonly profile?: { readonly firstName?: string } }).profile?.firstName
  const { acknowledged, inFlight } = talk.profile ?? {}
  if (found === undefined || (found !== acknowledged && found !== inFlight))
    return [`${talk.consumer}: the profile is ${found}, not ${acknowledged} or ${inFlight}`]
  talk.profile = { acknowledged: found }
  return []
}

async function checkFiles({ call }: Caller, talk: Talk): Promise<string[]> {
  const problems: string[] = []
  for (const [relativePath, text] of [...talk.files].slice(-3)) {
    const body = {
      kind: 'req',
      id: '1',
      type: 'ms.GenerateURLForDownloadFile',
      body: { relativePath },
    }
    const asked = await call('POST', toSend(talk), body, talk.headers)
    const { queryParams } = (
      asked.json as { readonly body: { readonly queryParams: Readonly<Record<string, string>> } }
    ).body
    const { json } = await call(
      'GET',
      `${relativePath}?${new URLSearchParams(queryParams).toString()}`,
    )
    if (json !== text) problems.push(`${relativePath} has ${JSON.stringify(json)}, not ${text}`)
  }
  return problems
}

/** Compares the state of a mock after its restart with the responses that its client received before. */
export async function checkTalk(caller: Caller, talk: Talk): Promise<Survival> {
  const { status, json } = await caller.call(
    'GET',
    under(talk, `conversations/${talk.conversationId}`),
  )
  if (status !== 200)
    return { acknowledged: 0, inFlight: 0, problems: [`${talk.conversationId} is gone: ${status}`] }
  const transcript = checkTranscript(talk, json as View)
  const problems = [
    ...transcript.problems,
    ...checkChatStates(talk, json as View),
    ...(await checkProfile(caller, talk)),
    ...(await checkFiles(caller, talk)),
  ]
  return { ...transcript, problems }
}

/** Compares app install and clock with what the control API answered. */
export async function checkTold(
  { call }: Caller,
  accountId: string,
  { clientId, clock }: Told,
): Promise<string[]> {
  const { json } = await call('GET', `/__sendbox/accounts/${accountId}/snapshot`)
  const found = json as {
    readonly clock: { readonly frozenAt: number | null }
    readonly install?: { readonly clientId: string }
  }
  const problems: string[] = []
  const id = found.install?.clientId
  if (id !== clientId.acknowledged && id !== clientId.inFlight)
    problems.push(`the install is ${id}, not ${clientId.acknowledged} or ${clientId.inFlight}`)
  if (id !== undefined) {
    const credentials = { client_id: id, client_secret: `${id}-secret` }
    const query = new URLSearchParams({ grant_type: 'client_credentials', ...credentials })
    const { status } = await call(
      'POST',
      `${toPath(operations.appToken.path, { accountId })}?${query.toString()}`,
    )
    if (status !== 200) problems.push(`the secret of ${id} is not what it was: ${status}`)
  }
  const { frozenAt } = found.clock
  const { acknowledged: stoodAt } = clock
  const aheadMs = (frozenAt ?? 0) - (stoodAt ?? 0)
  if (stoodAt !== undefined && aheadMs !== 0 && aheadMs !== clockStepMs)
    problems.push(`the clock stands at ${frozenAt}, and was answered to stand at ${stoodAt}`)
  Object.assign(clientId, { acknowledged: id })
  if (frozenAt !== null) clock.acknowledged = frozenAt
  return problems
}

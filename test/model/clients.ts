import { strictEqual } from 'node:assert/strict'
import { accountId, type Received, type System } from './system.ts'

const apiPath = `/api/account/${accountId}/messaging/consumer/conversation`
const controlPath = `/__sendbox/accounts/${accountId}/conversations`

/** The calls of one client of a conversation, in sequence; the clients run concurrently. */
export type ClientStep = 'say' | 'compose' | 'read' | 'agentSays' | 'advance' | 'close'

/** A call with the moments between which it took effect, and what came of it. */
interface Call {
  readonly text: string
  readonly from: number
  readonly to: number
  /** Absent where it was refused. */
  readonly sequence: number | undefined
}

const send = (system: System, who: number, request: object): Promise<Received> =>
  system.call({
    path: `${apiPath}/send?v=3`,
    headers: {
      Authorization: system.appJwt.token,
      'X-LP-ON-BEHALF': system.consumerJws[who] ?? '',
    },
    json: { kind: 'req', id: '1', ...request },
  })

const sequenceIn = (received: Received): number | undefined => {
  if (received.isLost) throw new Error('A call was lost')
  const answer = received.json as {
    readonly sequence?: number
    readonly errorCode?: number
    readonly body?: { readonly sequence?: number; readonly errorCode?: number }
  }
  if (received.status === 200) return answer.body?.sequence ?? answer.sequence
  strictEqual(answer.body?.errorCode ?? answer.errorCode, 40054)
  return undefined
}

const publish = (system: System, who: number, dialogId: string, event: object) =>
  send(system, who, { type: 'ms.PublishEvent', body: { dialogId, event } })

/** Lets clients loose on one conversation of a consumer, and returns the numbered calls. */
export async function runClients(
  system: System,
  who: number,
  conversationId: string,
  clients: readonly (readonly ClientStep[])[],
) {
  const account = system.server.account(accountId)
  const calls: Call[] = []
  const closes: Pick<Call, 'from' | 'to'>[] = []
  let ticks = 0
  const tick = () => {
    ticks += 1
    return ticks
  }
  const takeStep = async (step: ClientStep, text: string): Promise<void> => {
    const from = tick()
    const note = (sequence: number | undefined) => calls.push({ text, from, to: tick(), sequence })
    if (step === 'say') {
      const event = { type: 'ContentEvent', contentType: 'text/plain', message: text }
      note(sequenceIn(await publish(system, who, conversationId, event)))
    } else if (step === 'read') {
      const event = { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] }
      note(sequenceIn(await publish(system, who, conversationId, event)))
    } else if (step === 'agentSays') {
      const path = `${controlPath}/${conversationId}/agent`
      note(sequenceIn(await system.call({ path, json: { action: 'say', text } })))
    } else if (step === 'compose') {
      const event = { type: 'ChatStateEvent', chatState: 'COMPOSING' }
      strictEqual(sequenceIn(await publish(system, who, conversationId, event)) ?? 0, 0)
    } else if (step === 'advance') await account.clock.advance(1)
    else {
      const field = { field: 'ConversationStateField', conversationState: 'CLOSE' }
      const body = { conversationId, conversationField: field }
      await send(system, who, { type: 'cm.UpdateConversationField', body })
      closes.push({ from, to: tick() })
    }
  }
  await Promise.all(
    clients.map(async (steps, client) => {
      for (const [index, step] of steps.entries()) await takeStep(step, `${client}.${index}`)
    }),
  )
  return { calls, closes }
}

/** The calls of one conversation and their outcomes. */
type Happened = Awaited<ReturnType<typeof runClients>>

/** One number after the other, each acknowledged text once and under its number, none that was refused. */
export async function faultsInTranscript(
  system: System,
  conversationId: string,
  { calls }: Happened,
): Promise<string[]> {
  const view = await system.server.account(accountId).conversations.get(conversationId)
  const [dialog] = view?.dialogs ?? []
  const transcript = dialog?.transcript ?? []
  const numbers = transcript.map(({ sequence }) => sequence)
  const taken = calls.filter(({ sequence }) => sequence !== undefined)
  const told = taken.map(({ sequence }) => Number(sequence)).toSorted((a, b) => a - b)
  const times = transcript.map(({ serverTimestamp }) => serverTimestamp)
  const isMisplaced = ({ sequence, event }: (typeof transcript)[number]): boolean =>
    'message' in event && event.message !== taken.find(found => found.sequence === sequence)?.text
  return [
    ...(numbers.some((number, index) => number !== index) ? [`numbers: ${numbers.join()}`] : []),
    ...(told.join() === numbers.join() ? [] : [`told ${told.join()}, kept ${numbers.join()}`]),
    ...(dialog?.nextSequence === numbers.length ? [] : [`next: ${dialog?.nextSequence}`]),
    ...transcript.filter(isMisplaced).map(({ sequence }) => `another text under ${sequence}`),
    ...(times.some((time, index) => time < Number(times[index - 1])) ? ['time goes back'] : []),
  ]
}

/** Checks that a call that ended before another began also precedes it: two sequence numbers, or a number and a close. */
export function faultsInOrder({ calls, closes }: Happened): string[] {
  const taken = calls.filter(call => call.sequence !== undefined)
  const swapped = taken.flatMap(one =>
    taken
      .filter(other => one.to < other.from && Number(one.sequence) > Number(other.sequence))
      .map(other => `${one.text} came before ${other.text} and has the later number`),
  )
  const firstClosed = Math.min(...closes.map(({ to }) => to))
  const firstClosing = Math.min(...closes.map(({ from }) => from))
  const late = taken.filter(({ from }) => from > firstClosed)
  const refused = calls.filter(({ to, sequence }) => to < firstClosing && sequence === undefined)
  return [
    ...swapped,
    ...late.map(({ text }) => `${text} was taken after the end`),
    ...refused.map(({ text }) => `${text} was refused before the end`),
  ]
}

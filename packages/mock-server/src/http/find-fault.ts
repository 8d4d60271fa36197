import { type Operation, operations } from '@sendbox/schema'
import { z } from 'zod'
import {
  type ActingCallFault,
  type CallFaults,
  type CallSubject,
  callFaultActions,
} from '../faults/call-fault.ts'
import { namesOf } from '../faults/fault.ts'
import type { Services } from '../services.ts'
import type { Call } from './call.ts'

/** A pattern with a group for each action: `delay=(?<delayMs>\d{1,6})`, `lose-answer(?<loseAnswer>)`. */
const magicWords = namesOf(callFaultActions).flatMap(name => {
  const row = callFaultActions[name]
  if (!('magic' in row)) return []
  const { word } = row.magic
  return 'number' in row.magic ? `${word}=(?<${name}>${row.magic.number})` : `${word}(?<${name}>)`
})

/** A magic value is a word of its own, in small letters. */
const magicValue = new RegExp(String.raw`(?<![\w:-])sendbox:(?:${magicWords.join('|')})(?![\w=-])`)

/**
 * Parses the first magic value of a text: `sendbox:status=503` (any status from 400 to 599), `sendbox:delay=1500` (in ms),
 * `sendbox:reset`, `sendbox:hang`, `sendbox:truncate`, `sendbox:malformed`, `sendbox:lose-answer` or `sendbox:apply-twice`.
 * The fault's id is the value itself.
 */
export function parseMagicValue(text: string): ActingCallFault | undefined {
  const found = magicValue.exec(text)
  if (found === null) return undefined
  const groups = Object.entries(found.groups ?? {}).filter(([, value]) => value !== undefined)
  const action: ActingCallFault['action'] = Object.fromEntries(
    groups.map(([name, value]) => [name, value === '' || Number(value)]),
  )
  return { faultId: found[0], action, delayMs: Number(found.groups?.['delayMs'] ?? 0) }
}

const onBehalf = 'X-LP-ON-BEHALF'

const TextRequestSchema = z.looseObject({
  body: z.looseObject({
    event: z.looseObject({ type: z.literal('ContentEvent'), message: z.string() }),
  }),
})

/** Whether a body may have a magic value, written plainly or with escapes; one test for each call, as most texts have none. */
const mayHaveMagicText = ({ json }: Call): boolean => json.ok && /sendbox:|\\u00/.test(json.text)

/** The texts that a body publishes. */
function textsOf({ json }: Call): string[] {
  const value = json.ok ? json.value : undefined
  const requests: readonly unknown[] = Array.isArray(value) ? value : [value]
  return requests.flatMap(request => {
    const { data } = TextRequestSchema.safeParse(request)
    return data ? [data.body.event.message] : []
  })
}

/** The ConsumerJWS of a call for whose operation it is defined. */
function consumerJwsOf({ operationId, request }: Call): string | undefined {
  const { headers }: Operation = operations[operationId]
  return headers.includes(onBehalf) ? request.get(onBehalf) : undefined
}

/** Whether the call's consumer may have a magic value; a token that was verified before is not verified again. */
function mayHaveMagicConsumer(call: Call, { tokens, clocks }: Services): boolean {
  const token = consumerJwsOf(call)
  if (token === undefined) return false
  const verified = tokens.peek(token, clocks.now(call.accountId))
  return verified === undefined || verified.consumer?.ext_consumer_id.includes('sendbox:') === true
}

/** Whether a fault may act on a call. Synchronous, as there is none for most calls. */
export const mayHaveFault = (call: Call, services: Services): boolean =>
  services.faults.find(call.accountId) !== undefined ||
  (call.settings.magicValues && (mayHaveMagicText(call) || mayHaveMagicConsumer(call, services)))

/**
 * The fault that a call asks for by its data: by a text, which acts on its own call, or else by the `ext_consumer_id` of a valid token, which
 * acts on every SEND and CONVERSATION call of that consumer. See {@link parseMagicValue}.
 */
async function findMagicFault(
  call: Call,
  { tokens, clocks }: Services,
): Promise<ActingCallFault | undefined> {
  for (const text of mayHaveMagicText(call) ? textsOf(call) : []) {
    const fault = parseMagicValue(text)
    if (fault) return fault
  }
  const { accountId } = call
  const token = consumerJwsOf(call)
  const claims = token && (await tokens.readConsumerJws(token, accountId, clocks.now(accountId)))
  return parseMagicValue(claims ? claims.ext_consumer_id : '')
}

/** The properties of a call that its account's faults match; the id of a survey's dialog is resolved to its conversation's. Rule: LIF-4. */
function toCallSubject(
  { operationId, accountId, subject }: Call,
  faults: CallFaults,
  { store }: Services,
): CallSubject {
  const { types, events, conversationId: named } = subject
  const isLookedUp =
    named !== undefined && faults.some(({ match }) => match.conversationId !== undefined)
  const conversationId = isLookedUp ? (store.findConversationId(accountId, named) ?? named) : named
  return { operationId, types, events, conversationId }
}

/** Selects the fault that acts on a call; registered faults go before magic values. */
export async function findFault(
  call: Call,
  services: Services,
): Promise<ActingCallFault | undefined> {
  const faults = services.faults.find(call.accountId)
  const acting = faults?.select(toCallSubject(call, faults, services))
  if (acting || !call.settings.magicValues) return acting
  return findMagicFault(call, services)
}

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

/** The texts that a body publishes. */
function textsOf({ json }: Call): string[] {
  if (!json.ok || !mayHoldMagicValue(json.text)) return []
  const requests: readonly unknown[] = Array.isArray(json.value) ? json.value : [json.value]
  return requests.flatMap(request => {
    const { data } = TextRequestSchema.safeParse(request)
    return data ? [data.body.event.message] : []
  })
}

/** The `ext_consumer_id` of the call's ConsumerJWS; empty without a valid one. */
async function extConsumerIdOf(
  { operationId, request, accountId }: Call,
  { tokens, clocks }: Services,
): Promise<string> {
  const { headers }: Operation = operations[operationId]
  const token = headers.includes(onBehalf) && request.get(onBehalf)
  const now = clocks.of(accountId).now()
  const claims = token ? await tokens.readConsumerJws(token, accountId, now) : undefined
  return claims?.ext_consumer_id ?? ''
}

/**
 * Whether a JSON text may hold a magic value: one that is written plainly, or with escapes. One test per call, as most texts hold none.
 */
const mayHoldMagicValue = (json: string): boolean => /sendbox:|\\u00/.test(json)

/**
 * The fault that a call asks for by its data: by a text, which acts on its own call, or else by the `ext_consumer_id`, which acts on
 * every SEND and CONVERSATION call of that consumer. See {@link parseMagicValue}.
 */
async function findMagicFault(
  call: Call,
  services: Services,
): Promise<ActingCallFault | undefined> {
  for (const text of textsOf(call)) {
    const fault = parseMagicValue(text)
    if (fault) return fault
  }
  return parseMagicValue(await extConsumerIdOf(call, services))
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
  if (acting || !services.settings.magicValues) return acting
  return findMagicFault(call, services)
}

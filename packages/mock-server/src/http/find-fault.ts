import { type Operation, operations } from '@sendbox/schema'
import { z } from 'zod'
import type { FaultAction } from '../faults/call-fault.ts'
import type { ActingFault, FaultSubject } from '../faults/registry.ts'
import type { Services } from '../services.ts'
import type { Call } from './call.ts'

/** A magic value is a word of its own: `sendbox:` and the name of what is to happen, in small letters. */
const magicValue =
  /(?<![\w:-])sendbox:(?:status=(?<status>[45]\d\d)|delay=(?<delayMs>\d{1,6})|(?<word>reset|hang|truncate|malformed|lose-answer|apply-twice))(?![\w=-])/

const actionByWord: Readonly<Record<string, FaultAction>> = {
  reset: { reset: true },
  hang: { hang: true },
  truncate: { truncate: true },
  malformed: { malformed: true },
  'lose-answer': { loseAnswer: true },
  'apply-twice': { applyTwice: true },
}

/**
 * Reads the first magic value of a text: `sendbox:status=503` (any status from 400 to 599), `sendbox:delay=1500` (in ms),
 * `sendbox:reset`, `sendbox:hang`, `sendbox:truncate`, `sendbox:malformed`, `sendbox:lose-answer` or `sendbox:apply-twice`.
 * The fault's id is the value itself.
 */
export function parseMagicValue(text: string): ActingFault | undefined {
  const found = magicValue.exec(text)
  if (found === null) return undefined
  const [faultId] = found
  const { status, delayMs, word = '' } = found.groups ?? {}
  if (status) return { faultId, action: { status: Number(status) }, delayMs: 0 }
  if (delayMs) return { faultId, action: { delayMs: Number(delayMs) }, delayMs: Number(delayMs) }
  return { faultId, action: actionByWord[word] ?? {}, delayMs: 0 }
}

const onBehalf = 'X-LP-ON-BEHALF'

const TextRequestSchema = z.looseObject({
  body: z.looseObject({
    event: z.looseObject({ type: z.literal('ContentEvent'), message: z.string() }),
  }),
})

/** The texts that a body publishes. */
function textsOf({ json }: Call): string[] {
  if (!json.ok) return []
  const requests: readonly unknown[] = Array.isArray(json.value) ? json.value : [json.value]
  return requests.flatMap(request => {
    const { data } = TextRequestSchema.safeParse(request)
    return data ? [data.body.event.message] : []
  })
}

/** The id that the caller gave the consumer for whom it acts; without a valid token there is none. */
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
 * The fault that a call asks for by its data: by a text, which acts on its own call, or else by the `ext_consumer_id`, which acts on
 * every SEND and CONVERSATION call of that consumer. See {@link parseMagicValue}.
 */
async function findMagicFault(call: Call, service: Services): Promise<ActingFault | undefined> {
  for (const text of textsOf(call)) {
    const fault = parseMagicValue(text)
    if (fault) return fault
  }
  return parseMagicValue(await extConsumerIdOf(call, service))
}

/** Claims that a fault may act on a call; it costs one look-up where there are none. */
export const mayHaveFault = ({ accountId }: Call, { faults, settings }: Services): boolean =>
  settings.magicValues || faults.find(accountId) !== undefined

/** A survey's dialog stands for its conversation. Rule: LIF-4. */
async function toFaultSubject(call: Call, { store }: Services): Promise<FaultSubject> {
  const { operationId, accountId, subject } = call
  const { conversationId: named } = subject
  const found = named && (await store.findConversationId(accountId, named))
  return { ...subject, operationId, ...(found && { conversationId: found }) }
}

/** Finds the fault that acts on a call; one that was added goes before a magic value. */
export async function findFault(call: Call, service: Services): Promise<ActingFault | undefined> {
  const faults = service.faults.find(call.accountId)
  const acting = faults?.take(await toFaultSubject(call, service))
  if (acting || !service.settings.magicValues) return acting
  return findMagicFault(call, service)
}

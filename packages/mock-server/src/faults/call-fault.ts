import { validateHeaderName, validateHeaderValue } from 'node:http'
import {
  ConversationBatchItemSchema,
  type OperationId,
  operations,
  type PublishedEvent,
  PublishedEventSchema,
} from '@sendbox/schema'
import { z } from 'zod'

const operationIds = Object.keys(operations) as OperationId[]

const requestTypes = [
  ...operations.send.request.options,
  ...ConversationBatchItemSchema.options,
].map(option => option.shape.type.value)

const eventTypes = [
  ...(PublishedEventSchema._zod.propValues['type'] ?? []),
] as PublishedEvent['type'][]

/** Which calls a fault is for: those of which all of this holds; `{}` means every call of an operation. */
const FaultMatchSchema = z.strictObject({
  /** The id of the operation, as the operations table has it: `send`. */
  operation: z.enum(operationIds).exactOptional(),
  /** The type of a request in the body: `ms.PublishEvent`. */
  type: z.enum([...new Set(requestTypes)]).exactOptional(),
  /** The type of an event in the body: `ContentEvent`. */
  event: z.enum(eventTypes).exactOptional(),
  /** The conversation that the body names, by itself or by one of its dialogs. */
  conversationId: z.string().min(1).exactOptional(),
  /** Acts on this one of the matching calls only, counted from 1 since the fault was added. */
  nth: z.int().min(1).exactOptional(),
})
export type FaultMatch = z.output<typeof FaultMatchSchema>

/** The longest delay that a timer takes, in ms. */
const maxDelayMs = 2 ** 31 - 1

const DelaySchema = z.int().min(0).max(maxDelayMs)

const refuseEmptyRange: z.core.CheckFn<{ uniform: [number, number] }> = ({ value, issues }) => {
  const [least, most] = value.uniform
  if (least <= most) return
  const message = 'the least delay, then the longest'
  issues.push({ code: 'custom', path: ['uniform'], input: value.uniform, message })
}

const isJson = (value: unknown): boolean => z.json().safeParse(value).success

const isHeader = (name: string, value: string): boolean => {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    return true
  } catch {
    return false
  }
}

const isOwnHeader = (name: string): boolean =>
  /^(?:content-length|transfer-encoding|trailer|x-sendbox-.*)$/i.test(name)

const refuseHeaders: z.core.CheckFn<Record<string, string>> = ({ value, issues }) => {
  for (const [name, text] of Object.entries(value)) {
    if (isHeader(name, text) && !isOwnHeader(name)) continue
    const message = isOwnHeader(name)
      ? 'a header that the mock does not set by itself'
      : 'an HTTP header'
    issues.push({ code: 'custom', path: [name], input: text, message })
  }
}

/** The ways in which a call can end, those before the model first. */
const endings = ['status', 'reset', 'hang', 'truncate', 'malformed', 'loseAnswer'] as const
const endingsBeforeModel: readonly string[] = ['status', 'reset', 'hang']

const statusesWithoutBody = [204, 205, 304]

const flag = z.literal(true).exactOptional()

const actionShape = {
  /** Waits so many ms of wall time before anything else; `{uniform: [least, most]}` draws a whole number. */
  delayMs: z
    .union([
      DelaySchema,
      z.strictObject({ uniform: z.tuple([DelaySchema, DelaySchema]) }).check(refuseEmptyRange),
    ])
    .exactOptional(),
  /** Answers with this HTTP status; the call is not processed. */
  status: z.int().min(200).max(599).exactOptional(),
  /**
   * The body of that answer: a string is sent as it is, anything else as JSON.
   * @default that of the service's error of this status; none below 400
   */
  body: z.unknown().refine(isJson, 'a JSON value').exactOptional(),
  /** Further headers of that answer. */
  headers: z.record(z.string(), z.string()).check(refuseHeaders).exactOptional(),
  /** Resets the connection (RST) in place of an answer; the call is not processed. */
  reset: flag,
  /** Never answers; the call is not processed. */
  hang: flag,
  /** Processes the call, then sends half of the answer's body and ends the connection. */
  truncate: flag,
  /** Processes the call, then answers with a body that is not JSON. */
  malformed: flag,
  /** Processes the call, then closes the connection without a byte. */
  loseAnswer: flag,
  /** Processes the call twice, as the repeat of a proxy does, and answers as the second time is answered. */
  applyTwice: flag,
}

type ActionShape = z.output<z.ZodObject<typeof actionShape, z.core.$strict>>

const refuseContradictions: z.core.CheckFn<ActionShape> = ({ value, issues }) => {
  const refuse = (path: readonly (keyof ActionShape)[], message: string) =>
    issues.push({
      code: 'custom',
      path: [...path],
      input: path[0] ? value[path[0]] : value,
      message,
    })
  const [ending, ...others] = endings.filter(name => value[name] !== undefined)
  for (const other of others)
    refuse([other], `nothing beside "${ending}", as a call ends in one way`)
  if (value.applyTwice && ending && endingsBeforeModel.includes(ending))
    refuse(['applyTwice'], `nothing beside "${ending}", which keeps the call from being processed`)
  for (const name of ['body', 'headers'] as const)
    if (name in value && value.status === undefined)
      refuse([name], 'nothing without a "status" to go with')
  if ('body' in value && statusesWithoutBody.includes(value.status ?? 0))
    refuse(['body'], `nothing beside status ${value.status}, which has no body`)
  if (Object.keys(value).length === 0)
    refuse([], `at least one of ${Object.keys(actionShape).join(', ')}`)
}

/** What a fault does to a call. */
export const FaultActionSchema = z.strictObject(actionShape).check(refuseContradictions)
export type FaultAction = z.output<typeof FaultActionSchema>

const faultShape = {
  match: FaultMatchSchema.prefault({}),
  action: FaultActionSchema,
  /**
   * How often it acts.
   * @default always, until it is removed; once with `nth`
   */
  times: z.int().min(1).exactOptional(),
  /**
   * How likely it acts on a matching call, from 0 to 1; the draws follow from the seed.
   * @default 1
   */
  probability: z.number().min(0).max(1).exactOptional(),
}

type FaultShape = z.output<z.ZodObject<typeof faultShape, z.core.$strict>>

const refuseBesideNth: z.core.CheckFn<FaultShape> = ({ value, issues }) => {
  const { match, times, probability } = value
  if (match.nth === undefined) return
  const message = 'nothing beside "nth", which acts once'
  if (times !== undefined && times > 1)
    issues.push({ code: 'custom', path: ['times'], input: times, message })
  if (probability !== undefined)
    issues.push({ code: 'custom', path: ['probability'], input: probability, message })
}

/** A fault: which calls it is for, and what it does to them. */
export const FaultSchema = z.strictObject(faultShape).check(refuseBesideNth)
export type Fault = z.output<typeof FaultSchema>
/** A fault as a user writes it. */
export type FaultInput = z.input<typeof FaultSchema>

/** A fault as it is listed, with what became of it. */
export const FaultViewSchema = z.strictObject({
  /** `fault-1`, `fault-2`, … in the order in which an account's faults were added. */
  faultId: z.string(),
  ...faultShape,
  /** How many calls it matched, also those on which it did not act. */
  matched: z.int().min(0),
  /** On how many calls it acted. */
  acted: z.int().min(0),
  /** How often it still acts; `null` for always. */
  remaining: z.int().min(0).nullable(),
})
export type FaultView = z.output<typeof FaultViewSchema>

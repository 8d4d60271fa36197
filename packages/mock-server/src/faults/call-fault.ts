import { validateHeaderName, validateHeaderValue } from 'node:http'
import {
  boundedRecord,
  ConversationBatchItemSchema,
  type OperationId,
  operations,
  type PublishedEvent,
  PublishedEventSchema,
} from '@sendbox/schema'
import { z } from 'zod'
import type { WireOutcome } from '../journal/record.ts'
import { flag, namesOf, toActionShape, toDelaySchema, toFaultSchemas } from './fault.ts'
import type { ActingFault, FaultKind, FaultRegistry } from './registry.ts'

const operationIds = Object.keys(operations) as OperationId[]

const requestTypes = [
  ...operations.send.request.options,
  ...ConversationBatchItemSchema.options,
].map(option => option.shape.type.value)

const eventTypes = [
  ...(PublishedEventSchema._zod.propValues['type'] ?? []),
] as PublishedEvent['type'][]

/** Criteria of a fault; an omitted field matches any call of an operation. */
const FaultMatchSchema = z.strictObject({
  /** An id of the operations table: `send`. */
  operation: z.enum(operationIds).exactOptional(),
  /** The type of a request in the body: `ms.PublishEvent`. */
  type: z.enum([...new Set(requestTypes)]).exactOptional(),
  /** The type of an event in the body: `ContentEvent`. */
  event: z.enum(eventTypes).exactOptional(),
  /** The conversation that the body names, by its own id or by that of one of its dialogs. */
  conversationId: z.string().min(1).exactOptional(),
  /** Acts on this one of the matching calls only, counted from 1 since the fault was added. */
  nth: z.int().min(1).exactOptional(),
})

/** The largest delay of `setTimeout`, in ms. */
const maxDelayMs = 2 ** 31 - 1

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

/** The steps that actions are made of; `http/fault-outcome` implements them. */
export interface FaultedCall<Response> {
  /** Waits for the drawn delay; resolves with `false` if a reset of the account cancels the call. */
  delay(): Promise<boolean>
  /** Runs the operation, and discards its response; resolves with `true`. */
  process(): Promise<boolean>
  /** The response of the action's status, body and headers. */
  respond(): Response | undefined
  /** Holds the connection open without a response. */
  hang(): undefined
}

/** A value of a text or an `ext_consumer_id` that calls for an action: `sendbox:word` or `sendbox:word=number`. */
interface MagicValue {
  readonly word: string
  /** Pattern of the number after the word. */
  readonly number?: string
}

export type CallFaultRow = { readonly schema: z.ZodType; readonly magic?: MagicValue } & (
  | {
      /** Runs before the call is processed; the call ends if it resolves with `false`. */
      readonly phase: 'before'
      apply(call: FaultedCall<unknown>): Promise<boolean>
    }
  | {
      /** Ends the call without processing it; returns the response, if it has one. */
      readonly phase: 'instead'
      readonly wireOutcome: WireOutcome
      apply<Response>(call: FaultedCall<Response>): Response | undefined
    }
  | {
      /** Processes the call, then writes its response in another way. */
      readonly phase: 'after'
      readonly wireOutcome: WireOutcome
    }
  | {
      /** A parameter of another action. */
      readonly phase: 'parameter'
      readonly of: string
    }
)

/**
 * All actions of faults of calls, in the order in which they apply within a phase. The request schema and the magic values follow from this
 * table; a test compares it to docs/faults.md.
 */
export const callFaultActions = {
  /** Waits for so many ms of wall time first. */
  delayMs: {
    schema: toDelaySchema(maxDelayMs),
    phase: 'before',
    apply: call => call.delay(),
    magic: { word: 'delay', number: String.raw`\d{1,6}` },
  },
  /** Responds with this HTTP status. */
  status: {
    schema: z.int().min(200).max(599),
    phase: 'instead',
    wireOutcome: 'whole',
    apply: call => call.respond(),
    magic: { word: 'status', number: String.raw`[45]\d\d` },
  },
  /**
   * Body of the status: a string is sent as it is, anything else as JSON.
   * @default the service's error of this status; none below 400
   */
  body: {
    schema: z.unknown().refine(isJson, 'a JSON value'),
    phase: 'parameter',
    of: 'status',
  },
  /** Further headers of the status. */
  headers: {
    schema: boundedRecord(z.string()).check(refuseHeaders),
    phase: 'parameter',
    of: 'status',
  },
  /** Resets the connection (RST) without a response. */
  reset: {
    schema: flag,
    phase: 'instead',
    wireOutcome: 'reset',
    apply: () => undefined,
    magic: { word: 'reset' },
  },
  /** Never responds. */
  hang: {
    schema: flag,
    phase: 'instead',
    wireOutcome: 'hang',
    apply: call => call.hang(),
    magic: { word: 'hang' },
  },
  /** Sends half of the response's body, then ends the connection. */
  truncate: {
    schema: flag,
    phase: 'after',
    wireOutcome: 'truncated',
    magic: { word: 'truncate' },
  },
  /** Sends a body that is not JSON. */
  malformed: {
    schema: flag,
    phase: 'after',
    wireOutcome: 'malformed',
    magic: { word: 'malformed' },
  },
  /** Closes the connection without a byte. */
  loseAnswer: {
    schema: flag,
    phase: 'after',
    wireOutcome: 'lost',
    magic: { word: 'lose-answer' },
  },
  /** Processes the call one more time before, as the retry of a proxy does. */
  applyTwice: {
    schema: flag,
    phase: 'before',
    apply: call => call.process(),
    magic: { word: 'apply-twice' },
  },
} as const satisfies Readonly<Record<string, CallFaultRow>>

const endingNames = namesOf(callFaultActions).filter(
  name => 'wireOutcome' in callFaultActions[name],
)

const statusesWithoutBody = [204, 205, 304]

const actionShape = toActionShape(callFaultActions)

type ActionShape = z.output<z.ZodObject<typeof actionShape, z.core.$strict>>

const refuseContradictions: z.core.CheckFn<ActionShape> = ({ value, issues }) => {
  const refuse = (path: readonly (keyof ActionShape)[], message: string) =>
    issues.push({
      code: 'custom',
      path: [...path],
      input: path[0] ? value[path[0]] : value,
      message,
    })
  const [ending, ...others] = endingNames.filter(name => value[name] !== undefined)
  for (const other of others)
    refuse([other], `nothing beside "${ending}", as a call ends in one way`)
  if (value.applyTwice && ending && callFaultActions[ending].phase === 'instead')
    refuse(['applyTwice'], `nothing beside "${ending}", which keeps the call from being processed`)
  for (const name of namesOf(callFaultActions)) {
    const row = callFaultActions[name]
    if (row.phase === 'parameter' && name in value && value[row.of] === undefined)
      refuse([name], `nothing without a "${row.of}" to go with`)
  }
  if ('body' in value && statusesWithoutBody.includes(value.status ?? 0))
    refuse(['body'], `nothing beside status ${value.status}, which has no body`)
  if (Object.keys(value).length === 0)
    refuse([], `at least one of ${namesOf(callFaultActions).join(', ')}`)
}

/** The action of a fault: one that ends a call, or others, as docs/faults.md has them. */
export const FaultActionSchema = z.strictObject(actionShape).check(refuseContradictions)
export type FaultAction = z.output<typeof FaultActionSchema>

const schemas = toFaultSchemas(FaultMatchSchema.prefault({}), FaultActionSchema)

/** A fault of calls: its criteria, and its action. */
export const FaultSchema = schemas.input
type Fault = z.output<typeof FaultSchema>
/** A fault as a user writes it. */
export type FaultInput = z.input<typeof FaultSchema>

/** A fault as it is listed, with its counts. */
export const FaultViewSchema = schemas.view
export type FaultView = z.output<typeof FaultViewSchema>

/** The properties of a call that a fault matches. */
export interface CallSubject {
  readonly operationId: OperationId
  readonly types: readonly string[]
  readonly events: readonly string[]
  readonly conversationId: string | undefined
}

/** The faults of one account's calls. */
export type CallFaults = FaultRegistry<CallSubject, Fault, FaultInput>
export type ActingCallFault = ActingFault<Fault>

export const callFaults: FaultKind<CallSubject, Fault, FaultInput> = {
  name: 'fault',
  schema: FaultSchema,
  matches: ({ match: { operation, type, event, conversationId } }, call) =>
    (operation === undefined || operation === call.operationId) &&
    (type === undefined || call.types.includes(type)) &&
    (event === undefined || call.events.includes(event)) &&
    (conversationId === undefined || conversationId === call.conversationId),
}

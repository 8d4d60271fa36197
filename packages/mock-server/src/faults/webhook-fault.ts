import { webhookEventTypes } from '@sendbox/schema'
import { z } from 'zod'

/** The longest delay that a fault makes, in ms: the longest retention. */
const maxDelayMs = 259_200_000

const DelaySchema = z.int().min(0).max(maxDelayMs)

const refuseEmptyRange: z.core.CheckFn<{ uniform: [number, number] }> = ({ value, issues }) => {
  const [least, most] = value.uniform
  if (least <= most) return
  const message = 'the least delay, then the longest'
  issues.push({ code: 'custom', path: ['uniform'], input: value.uniform, message })
}

/** Which deliveries a fault is for: those of which all of this holds; `{}` means every one. */
const WebhookFaultMatchSchema = z.strictObject({
  eventType: z.enum(webhookEventTypes).exactOptional(),
  conversationId: z.string().min(1).exactOptional(),
  /** Acts on this one of the matching deliveries only, or attempts, counted from 1 since the fault was added. */
  nth: z.int().min(1).exactOptional(),
})

const flag = z.literal(true).exactOptional()

const actionShape = {
  /** Late: the first attempt waits for so many ms of the account's clock; `{uniform: [least, most]}` draws a whole number. */
  delayMs: z
    .union([
      DelaySchema,
      z.strictObject({ uniform: z.tuple([DelaySchema, DelaySchema]) }).check(refuseEmptyRange),
    ])
    .exactOptional(),
  /** Posts the same notification a second time, right after the first attempt. */
  twice: flag,
  /** Never posts it. */
  lose: flag,
  /** Out of order: waits until the next notification of the conversation was posted. */
  holdBack: flag,
  /** Posts it before the answer to the call that caused it is written. */
  beforeAnswer: flag,
  /** Takes this for the endpoint's answer to an attempt; nothing is posted. */
  status: z.int().min(200).max(599).exactOptional(),
  /** Takes an attempt for timed out, without a wait; nothing is posted. */
  timeout: flag,
}

type ActionShape = z.output<z.ZodObject<typeof actionShape, z.core.$strict>>

const exclusive: readonly (readonly [keyof ActionShape, keyof ActionShape, string])[] = [
  ['status', 'timeout', 'as an attempt ends in one way'],
  ...(['delayMs', 'twice', 'holdBack', 'beforeAnswer', 'status', 'timeout'] as const).map(
    other => ['lose', other, 'which never posts'] as const,
  ),
  ['holdBack', 'delayMs', 'as it waits for the next notification'],
  ['beforeAnswer', 'delayMs', 'as the answer would wait for it'],
  ['beforeAnswer', 'holdBack', 'as the answer would wait for it'],
]

const refuseContradictions: z.core.CheckFn<ActionShape> = ({ value, issues }) => {
  for (const [name, other, reason] of exclusive)
    if (value[name] !== undefined && value[other] !== undefined) {
      const message = `nothing beside "${name}", ${reason}`
      issues.push({ code: 'custom', path: [other], input: value[other], message })
    }
  if (Object.keys(value).length > 0) return
  const message = `at least one of ${Object.keys(actionShape).join(', ')}`
  issues.push({ code: 'custom', path: [], input: value, message })
}

const faultShape = {
  match: WebhookFaultMatchSchema.prefault({}),
  action: z.strictObject(actionShape).check(refuseContradictions),
  /**
   * How often it acts.
   * @default always, until it is removed; once with `nth`
   */
  times: z.int().min(1).exactOptional(),
  /**
   * How likely it acts on what it matches, from 0 to 1; the draws follow from the seed.
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

/**
 * What goes wrong with webhooks. An action of `status` or `timeout` alone acts on attempts, repeats included; any other on deliveries,
 * and a `status` or `timeout` beside it on their first attempt.
 */
export const WebhookFaultSchema = z.strictObject(faultShape).check(refuseBesideNth)
export type WebhookFault = z.output<typeof WebhookFaultSchema>
/** A webhook fault as a user writes it. */
export type WebhookFaultInput = z.input<typeof WebhookFaultSchema>

/** A webhook fault as it is listed, with what became of it. */
export const WebhookFaultViewSchema = z.strictObject({
  /** `webhook-fault-1`, `webhook-fault-2`, … in the order in which an account's were added. */
  faultId: z.string(),
  ...faultShape,
  /** How many deliveries or attempts it matched, also those on which it did not act. */
  matched: z.int().min(0),
  /** On how many it acted. */
  acted: z.int().min(0),
  /** How often it still acts; `null` for always. */
  remaining: z.int().min(0).nullable(),
})
export type WebhookFaultView = z.output<typeof WebhookFaultViewSchema>

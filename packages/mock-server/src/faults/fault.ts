import { z } from 'zod'

/** Schema of an action that has no parameter. */
export const flag = z.literal(true)

/** A delay in ms: a number, or `{uniform: [min, max]}` for a whole number drawn from that range. */
export const toDelaySchema = (maxMs: number) => {
  const ms = z.int().min(0).max(maxMs)
  const range = z
    .tuple([ms, ms])
    .refine(([min, max]) => min <= max, 'the least delay, then the longest')
  return z.union([ms, z.strictObject({ uniform: range })])
}
export type Delay = z.output<ReturnType<typeof toDelaySchema>>

type Table = Readonly<Record<string, { readonly schema: z.ZodType }>>

/** The names of a table's actions, in its order. */
export const namesOf = <Actions extends Table>(table: Actions): (keyof Actions & string)[] =>
  Object.keys(table)

/** The rows of the actions that a fault has, in the order of the table. */
export const rowsOf = <Actions extends Table>(
  table: Actions,
  action: { readonly [Name in keyof Actions]?: unknown },
): Actions[keyof Actions][] =>
  namesOf(table).flatMap(name => (action[name] === undefined ? [] : [table[name]]))

type ActionShape<Actions extends Table> = {
  -readonly [Name in keyof Actions]: z.ZodExactOptional<Actions[Name]['schema']>
}

/** The shape of a schema in which each action of a table is optional. */
export const toActionShape = <Actions extends Table>(table: Actions): ActionShape<Actions> =>
  Object.fromEntries(
    namesOf(table).map(name => [name, z.exactOptional(table[name]?.schema ?? z.never())]),
  ) as ActionShape<Actions>

/** The fields of a fault that do not depend on its subject. */
export interface AnyFault {
  readonly match: { readonly nth?: number }
  readonly action: { readonly delayMs?: Delay }
  readonly times?: number
  readonly probability?: number
}

const refuseBesideNth: z.core.CheckFn<AnyFault> = ({ value, issues }) => {
  const { match, times, probability } = value
  if (match.nth === undefined) return
  const message = 'nothing beside "nth", which acts once'
  if (times !== undefined && times > 1)
    issues.push({ code: 'custom', path: ['times'], input: times, message })
  if (probability !== undefined)
    issues.push({ code: 'custom', path: ['probability'], input: probability, message })
}

/** The schemas of a fault as it is added, and as it is listed with its counts. */
export function toFaultSchemas<
  Match extends z.ZodType<AnyFault['match']>,
  Action extends z.ZodType<AnyFault['action']>,
>(match: Match, action: Action) {
  const shape = {
    match,
    action,
    /**
     * How often it acts.
     * @default always, until it is removed; once with `nth`
     */
    times: z.int().min(1).exactOptional(),
    /**
     * The probability that it acts on what it matches, from 0 to 1; the draws follow from the seed.
     * @default 1
     */
    probability: z.number().min(0).max(1).exactOptional(),
  }
  const view = z.strictObject({
    /** `fault-1`, `fault-2`, … or `webhook-fault-1`, … in the order in which an account's were added. */
    faultId: z.string(),
    ...shape,
    /** How many calls, deliveries or attempts it matched, whether or not it acted on them. */
    matched: z.int().min(0),
    /** On how many of them it acted. */
    acted: z.int().min(0),
    /** How often it still acts; `null` for always. */
    remaining: z.int().min(0).nullable(),
  })
  return { input: z.strictObject(shape).check(refuseBesideNth as z.core.CheckFn<unknown>), view }
}

import * as z from 'zod'
import * as core from 'zod/v4/core'

/** Maximum number of problems or diagnostics: a small body can have hundreds of thousands, and each is located on its own. */
export const maxProblems = 100

type Payload = core.ParsePayload

/** The parse of a schema whose elements are synchronous; the checks of the list itself come after it. */
interface Internals {
  parse: (payload: Payload, context: core.ParseContextInternal) => Payload
}

/** Parts of a list as large as the number of problems, each with the index of its first element. */
function* portionsOf<Element>(list: readonly Element[]): Generator<[number, readonly Element[]]> {
  for (let start = 0; start < list.length; start += maxProblems)
    yield [start, list.slice(start, start + maxProblems)]
}

const withIndexFrom = (start: number, { path = [], ...issue }: core.$ZodRawIssue) => {
  const [index, ...rest] = path
  return { ...issue, path: [start + Number(index), ...rest] } as core.$ZodRawIssue
}

// With their types, as `init` asserts that of its argument.
const arrays: core.$constructor<z.ZodArray> = z.ZodArray
const records: core.$constructor<z.ZodRecord> = z.ZodRecord

const BoundedArray = core.$constructor<z.ZodArray>('BoundedArray', (schema, definition) => {
  arrays.init(schema, definition)
  const internals = schema._zod as unknown as Internals
  const { parse } = internals
  internals.parse = (payload, context) => {
    const list: unknown = payload.value
    if (!Array.isArray(list) || list.length <= maxProblems) return parse(payload, context)
    const parsed: unknown[] = []
    for (const [start, value] of portionsOf(list)) {
      const portion = parse({ value, issues: [] }, context)
      parsed.push(...(portion.value as unknown[]))
      payload.issues.push(...portion.issues.map(issue => withIndexFrom(start, issue)))
      if (payload.issues.length >= maxProblems) break
    }
    payload.value = parsed
    return payload
  }
})

const BoundedRecord = core.$constructor<z.ZodRecord>('BoundedRecord', (schema, definition) => {
  records.init(schema, definition)
  const internals = schema._zod as unknown as Internals
  const { parse } = internals
  internals.parse = (payload, context) => {
    const record: unknown = payload.value
    if (!core.util.isPlainObject(record)) return parse(payload, context)
    const parsed: object = {}
    for (const [, names] of portionsOf(Object.keys(record))) {
      const value = Object.fromEntries(names.map(name => [name, record[name]]))
      const portion = parse({ value, issues: [] }, context)
      Object.assign(parsed, portion.value)
      payload.issues.push(...portion.issues)
      if (payload.issues.length >= maxProblems) break
    }
    payload.value = parsed
    return payload
  }
})

/**
 * Creates the schema of an array as `z.array` does, which reads no further than the first 100 problems: those of `z.array` take kilobytes
 * each, one for every wrong element. Elements must be synchronous.
 *
 * @example
 * ```ts
 * import { boundedArray } from '@sendbox/schema'
 * import { z } from 'zod'
 *
 * const { error } = boundedArray(z.string()).safeParse(Array(1000).fill(1))
 * console.log(error?.issues.length) // 100
 * ```
 */
export const boundedArray = <Element extends z.ZodType>(element: Element): z.ZodArray<Element> =>
  new BoundedArray({ type: 'array', element }) as z.ZodArray<Element>

/**
 * Creates the schema of an object with any names as `z.record` does, bounded as {@link boundedArray}.
 *
 * @example
 * ```ts
 * import { boundedRecord } from '@sendbox/schema'
 * import { z } from 'zod'
 *
 * console.log(boundedRecord(z.int()).parse({ a: 1 })) // { a: 1 }
 * ```
 */
export const boundedRecord = <Value extends z.ZodType>(
  valueType: Value,
): z.ZodRecord<z.ZodString, Value> =>
  new BoundedRecord({ type: 'record', keyType: z.string(), valueType }) as z.ZodRecord<
    z.ZodString,
    Value
  >

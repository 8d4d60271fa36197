import { isRecord } from '@sendbox/schema'
import { z } from 'zod'
import { bodyOf } from './entry.ts'
import type { Journal } from './journal.ts'
import type { JournalRecord } from './record.ts'
import {
  criteriaOf,
  isMet,
  type MatchField,
  matchFields,
  type RequestMatch,
} from './request-match.ts'

/** The wanted requests: match criteria, and JSON that the body must contain. */
export interface Wanted {
  readonly match: RequestMatch
  readonly shape?: unknown
}

/** A field of an entry that differs from the wanted one; `path` is a JSON Pointer into the entry. */
const DifferenceSchema = z.object({
  path: z.string(),
  expected: z.string(),
  received: z.string(),
})
type Difference = z.output<typeof DifferenceSchema>

/** A request that was not wanted, and all its differences. */
export const NearMissSchema = z.object({
  id: z.int().min(1),
  method: z.string(),
  path: z.string(),
  status: z.int().exactOptional(),
  differences: z.array(DifferenceSchema).readonly(),
})
export type NearMiss = z.output<typeof NearMissSchema>

/** A difference before it is formatted; `weight` is the number of wanted leaf values that are missing. */
interface RawDifference {
  readonly path: string
  /** The name of the values' field, by which secrets are redacted. */
  readonly name: string
  readonly expected: unknown
  readonly received: unknown
  readonly weight: number
}

type JsonObject = Readonly<Record<string, unknown>>

const toSegment = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')

const countLeaves = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Math.max(
        1,
        Object.values(value).reduce<number>((sum, inner) => sum + countLeaves(inner), 0),
      )
    : 1

/** Objects may have fields beyond the shape; arrays must have its length. */
function compareShape(
  shape: unknown,
  value: unknown,
  path: string,
  name: string,
): readonly RawDifference[] {
  const isList = Array.isArray(shape) && Array.isArray(value) && shape.length === value.length
  if (isList || (isRecord(shape) && isRecord(value))) {
    const inner = value as JsonObject
    return Object.entries(shape).flatMap(([key, wanted]) =>
      compareShape(
        wanted,
        Object.hasOwn(inner, key) ? inner[key] : undefined,
        `${path}/${toSegment(key)}`,
        isList ? name : key,
      ),
    )
  }
  if (shape === value) return []
  return [{ path, name, expected: shape, received: value, weight: countLeaves(shape) }]
}

/** A request of no operation, such as one with a misspelt path, probably meant the wanted one: half a difference. */
const weightOf = (field: MatchField, values: readonly unknown[]): number =>
  field === 'operation' && values.length === 0 ? 0.5 : 1

function differencesOf(record: JournalRecord, { match, shape }: Wanted): readonly RawDifference[] {
  const fields = criteriaOf(match).flatMap(([field, expected]): RawDifference[] => {
    const { pointer } = matchFields[field]
    const values = matchFields[field].valuesOf(record)
    if (isMet(expected, values)) return []
    const received = values.length > 1 ? values : values[0]
    return [{ path: pointer, name: '', expected, received, weight: weightOf(field, values) }]
  })
  return shape === undefined
    ? fields
    : [...fields, ...compareShape(shape, bodyOf(record), '/body', '')]
}

/** True if the body of a record contains the shape. */
export const hasShape = (record: JournalRecord, shape: unknown): boolean =>
  shape === undefined || compareShape(shape, bodyOf(record), '', '').length === 0

const maxValueLength = 80

function toText(name: string, value: unknown, { redact }: Pick<Journal, 'redact'>): string {
  if (value === undefined) return 'nothing'
  const shown = JSON.stringify((redact({ [name]: value }) as JsonObject)[name])
  return shown.length <= maxValueLength ? shown : `${shown.slice(0, maxValueLength)}…`
}

/** Maximum number of records that are compared, the newest ones, and of their bytes together; and of near misses that are shown. */
const maxCompared = 1000
const maxComparedBytes = 4_194_304
const maxShown = 3

/** The newest records, newest first; at least one. */
function selectNewest(records: readonly JournalRecord[]): JournalRecord[] {
  const newest = records.slice(-maxCompared).toReversed()
  let bytes = 0
  const isTooMuch = ({ sizeBytes }: JournalRecord, index: number): boolean => {
    bytes += sizeBytes
    return index > 0 && bytes > maxComparedBytes
  }
  const end = newest.findIndex(isTooMuch)
  return end === -1 ? newest : newest.slice(0, end)
}

/** The records closest to the wanted ones, closest first, and of equals the newest first. */
export function findNearMisses(
  records: readonly JournalRecord[],
  wanted: Wanted,
  journal: Journal,
): NearMiss[] {
  const redact = (value: unknown): unknown => journal.redact(value)
  const toDifference = ({ path, name, expected, received }: RawDifference): Difference => ({
    path: String(redact(path)),
    expected: toText(name, expected, { redact }),
    received: toText(name, received, { redact }),
  })
  return selectNewest(records)
    .map(record => {
      const differences = differencesOf(record, wanted)
      return {
        record,
        differences,
        weight: differences.reduce((sum, { weight }) => sum + weight, 0),
      }
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => a.weight - b.weight)
    .slice(0, maxShown)
    .map(({ record, differences }) => {
      const { id, method, path, status } = journal.show(record)
      return {
        id,
        method,
        path,
        ...(status !== undefined && { status }),
        differences: differences.map(toDifference),
      }
    })
}

const toLine = ({ path, expected, received }: Difference): string =>
  `\n    ${path}: expected ${expected}, received ${received}`

/** Formats near misses as lines to append to a sentence. */
export const toNearMissLines = (nearMisses: readonly NearMiss[]): string =>
  nearMisses
    .map(
      ({ id, method, path, status, differences }) =>
        `\n  #${id} ${method} ${path}, answered ${status ?? 'by no status'}${differences.map(toLine).join('')}`,
    )
    .join('')

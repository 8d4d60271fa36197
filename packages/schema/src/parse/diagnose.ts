import { type SchemaRule, schemaRules } from '../primitives/rule-metadata.ts'
import type { Evidence } from '../rules/rule.ts'
import {
  childOf,
  definitionOf,
  fieldsOf,
  isRecord,
  type Schema,
  selectorOf,
  unwrapFor,
} from './locate.ts'
import { nearestWord } from './nearest-word.ts'
import { createProblem, type Path, type Violation } from './problem.ts'

/** A part of a valid value that is reported: its schema has a note, or it is a field that no schema names. */
interface Deviation {
  readonly path: Path
  readonly value: unknown
  /** The schema's entry with the note; absent for an unknown field. */
  readonly entry?: SchemaRule
  /** The object with the unknown field. */
  readonly parent?: { readonly schema: Schema; readonly value: Readonly<Record<string, unknown>> }
}

/**
 * Reports the deviations of a valid value; open schemas are not entered. Returns true once `report` does, which ends the visit.
 * Without `path` no paths are built.
 */
type Visit = (value: unknown, report: (deviation: Deviation) => boolean, path?: Path) => boolean

const visitNothing: Visit = () => false

const below = (path: Path | undefined, key: PropertyKey): Path | undefined => path && [...path, key]

function compile(schema: Schema, isInOpen = false): Visit {
  const entry = schemaRules.get(schema)
  const visit = compileParts(schema, isInOpen || entry?.open === true)
  return entry?.note === undefined
    ? visit
    : (value, report, path) =>
        report({ path: path ?? [], value, entry }) || visit(value, report, path)
}

/** An open schema hides the parts of its value, not the notes of what it wraps. */
function compileParts(schema: Schema, isOpen: boolean): Visit {
  const definition = definitionOf(schema)
  switch (definition.type) {
    case 'optional':
    case 'nullable':
      return compile(definition.innerType, isOpen)
    case 'pipe':
      return compile(definition.in, isOpen)
    case 'union': {
      const visits = definition.options.map(option => compile(option, isOpen))
      if (visits.every(visit => visit === visitNothing)) return visitNothing
      const select = selectorOf(definition)
      return (value, report, path) => visits[select(value)]?.(value, report, path) ?? false
    }
    case 'array': {
      const visit = isOpen ? visitNothing : compile(definition.element)
      if (visit === visitNothing) return visitNothing
      return (value, report, path) =>
        Array.isArray(value) &&
        value.some((element, index) => visit(element, report, below(path, index)))
    }
    case 'object':
      return isOpen ? visitNothing : compileFields(schema, definition.shape)
    default:
      return visitNothing
  }
}

function compileFields(schema: Schema, shape: Readonly<Record<string, Schema>>): Visit {
  const visits = new Map(Object.entries(shape).map(([name, field]) => [name, compile(field)]))
  return (value, report, path) => {
    if (!isRecord(value)) return false
    for (const name in value) {
      const visit = visits.get(name)
      if (visit === visitNothing) continue
      const isEnough = visit
        ? visit(value[name], report, below(path, name))
        : Object.hasOwn(value, name) &&
          report({ path: below(path, name) ?? [], value: value[name], parent: { schema, value } })
      if (isEnough) return true
    }
    return false
  }
}

const strongEvidence: readonly Evidence[] = ['documented', 'recorded']

function hintFor(name: string, { schema, value }: NonNullable<Deviation['parent']>) {
  const field = nearestWord(name, fieldsOf(schema))
  if (field !== undefined) return `did you mean "${field}"?`
  const body = childOf(schema, 'body')
  const bodyFields = fieldsOf(body && unwrapFor(body, value['body']).at(-1))
  return bodyFields.includes(name) ? `"${name}" belongs inside "body"` : undefined
}

/** Suggests the word or the field that was probably meant. */
function hintOf({ path, value, entry, parent }: Deviation): string | undefined {
  if (parent) return hintFor(String(path.at(-1)), parent)
  const word = typeof value === 'string' && nearestWord(value, entry?.words ?? [])
  return word ? `did you mean "${word}"?` : undefined
}

function toViolation(deviation: Deviation): Violation {
  const { path, value, entry } = deviation
  const problem = createProblem({
    path,
    expected: entry?.note ?? 'no such field',
    received: value,
    rule: entry?.rule ?? 'REQ-4',
    hint: hintOf(deviation),
  })
  const isRefused = entry?.refusedInStrict ?? !strongEvidence.includes(problem.evidence)
  return { problem, refusedIn: isRefused ? 'strict' : 'no mode' }
}

const visits = new WeakMap<Schema, Visit>()

/**
 * Reports the notes and unknown fields of a valid value, until `report` returns true. A visit without paths comes first, as
 * most values have neither.
 */
export function diagnose(
  schema: Schema,
  value: unknown,
  report: (violation: Violation) => boolean,
): void {
  const visit = visits.get(schema) ?? compile(schema)
  visits.set(schema, visit)
  if (visit(value, () => true)) visit(value, deviation => report(toViolation(deviation)), [])
}

import * as z from 'zod'
import { maxProblems } from '../primitives/bounded.ts'
import { oneOrMany } from '../primitives/one-or-many.ts'
import { schemaRules } from '../primitives/rule-metadata.ts'
import { clientPropertiesTypes, featureNames } from '../requests/request.ts'
import { diagnose } from './diagnose.ts'
import { explainPayloadIssues } from './explain-issues.ts'
import { isRecord } from './locate.ts'
import { alternatives, createProblem, type Diagnostic } from './problem.ts'

/** The features of a `Client-Properties` header, and its deviations. */
export interface ClientPropertiesHeader {
  /** The features that count. */
  readonly features: readonly string[]
  /** Each `path` is a JSON Pointer that begins with `/headers/client-properties`. */
  readonly diagnostics: readonly Diagnostic[]
}

const known: readonly unknown[] = [undefined, ...clientPropertiesTypes]

/** The header as it may come: a type that is not known is kept. */
const schema = z
  .object({
    type: z
      .union([
        z.enum(clientPropertiesTypes),
        z.string().register(schemaRules, {
          rule: 'REQ-6.2',
          note: `${alternatives(clientPropertiesTypes)}; features count under no other type`,
          words: clientPropertiesTypes,
        }),
      ])
      .register(schemaRules, { rule: 'REQ-6.2', expected: 'text' })
      .optional(),
    features: oneOrMany(featureNames)
      .register(schemaRules, { rule: 'REQ-6.2', expected: 'a list of names; another is ignored' })
      .optional(),
  })
  .register(schemaRules, { rule: 'REQ-6.2', expected: 'an object; another value is ignored' })

/** A header as its own field, so that pointers into it name it. */
const headerSchema = z.object({ headers: z.object({ 'client-properties': schema }) })

/**
 * Reads the `Client-Properties` header of SEND or CONVERSATION, or its absence. Nothing in it refuses a call: what has another form is
 * ignored, unknown names are kept, both with a diagnostic. Rule: REQ-6.
 *
 * @example
 * ```ts
 * import { parseClientProperties } from '@sendbox/schema'
 *
 * const header = '{"type":".ClientProperties","features":["AUTO_MESSAGE"]}'
 * const { features, diagnostics } = parseClientProperties(header)
 * console.log(features, diagnostics[0]?.path) // [ 'AUTO_MESSAGE' ] /headers/client-properties/features/0
 * ```
 */
export function parseClientProperties(header: string | undefined): ClientPropertiesHeader {
  if (header === undefined || header === '') return { features: [], diagnostics: [] }
  let properties: unknown
  try {
    properties = JSON.parse(header)
  } catch {
    const isObject = header === '[object Object]'
    const problem = createProblem({
      path: ['headers', 'client-properties'],
      expected: 'JSON; another text is ignored',
      received: header,
      rule: 'REQ-6.2',
      hint: isObject ? 'an object that was not written as JSON' : undefined,
    })
    return { features: [], diagnostics: [problem] }
  }
  const fields = isRecord(properties)
    ? { type: properties['type'], features: properties['features'] }
    : properties
  const value = { headers: { 'client-properties': fields } }
  const result = headerSchema.safeParse(value)
  if (!result.success) {
    const found = explainPayloadIssues(headerSchema, value, result.error)
    return { features: [], diagnostics: found.map(({ problem }) => problem) }
  }
  const diagnostics: Diagnostic[] = []
  diagnose(headerSchema, value, ({ problem }) => diagnostics.push(problem) === maxProblems)
  const { type, features = [] } = result.data.headers['client-properties']
  return { features: known.includes(type) ? features : [], diagnostics }
}

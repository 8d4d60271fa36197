import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { z } from 'zod'
import type { SchemaName } from '../../../src/fixtures.ts'
import * as index from '../../../src/index.ts'
import { explainPayloadIssues } from '../../../src/parse/explain-issues.ts'

const schemas: Readonly<Record<string, unknown>> = index

const schemaOf = (name: SchemaName) => schemas[`${name}Schema`] as z.ZodType

const drafts = [
  ['json-schema', new Ajv2020()],
  ['json-schema/draft-07', new Ajv()],
] as const

const readJsonSchema = (folder: string, name: SchemaName): object =>
  JSON.parse(readFileSync(new URL(`../../../${folder}/${name}.json`, import.meta.url), 'utf8'))

const publish = (event: unknown) => ({ type: 'ms.PublishEvent', body: { event } })

const self = (value: unknown) => value

/** The request that the limits check, by the output of the schemas whose values are a part of one. */
const requestOf: Partial<Record<SchemaName, (output: unknown) => unknown>> = {
  PublishEventRequest: self,
  FirstMessageRequest: self,
  GenerateUrlForUploadFileRequest: self,
  ConversationBatchItem: self,
  PublishedEvent: publish,
  ContentEvent: publish,
  FileContentEvent: publish,
  OlderFileContentEvent: publish,
  HostedFileEvent: publish,
  HostedFile: message => publish({ type: 'ContentEvent', contentType: 'hosted/file', message }),
}

type Problems = readonly Pick<index.Problem, 'path' | 'rule'>[]

const problemsOf = (result: { ok: true } | index.ParseFailure): Problems =>
  result.ok ? [] : result.problems

/** Lists why the parser refuses a value; of a part of a request, why the parser of the request would. */
export function refusalsOf(
  name: SchemaName,
  value: unknown,
  options: index.ParseOptions = {},
): Problems {
  if (name === 'SendRequest') return problemsOf(index.parseSendRequest(value, options))
  if (name === 'ConversationBatch') return problemsOf(index.parseConversationBatch(value, options))
  if (name === 'Notification' && options.mode)
    return problemsOf(index.parseNotification(value, options))
  const schema = schemaOf(name)
  const { success, data, error } = schema.safeParse(value)
  if (!success) return explainPayloadIssues(schema, value, error).map(({ problem }) => problem)
  const request = requestOf[name]?.(data)
  return request === undefined ? [] : index.checkLimits(request as index.SendRequest, options)
}

const compiled = new Map<SchemaName, (value: unknown) => boolean[]>()

/** The verdicts of the JSON Schema of both drafts, 2020-12 first. */
function jsonSchemaVerdicts(name: SchemaName, value: unknown): boolean[] {
  const verdictsOn = compiled.get(name)
  if (verdictsOn) return verdictsOn(value)
  const checks = drafts.map(([folder, ajv]) => ajv.compile(readJsonSchema(folder, name)))
  compiled.set(name, each => checks.map(check => check(each)))
  return jsonSchemaVerdicts(name, value)
}

/** Whether the parser, and the JSON Schema of each draft, accept a value. */
export interface Verdicts {
  readonly parser: boolean
  readonly jsonSchema: readonly boolean[]
}

export const verdictsOn = (
  name: SchemaName,
  value: unknown,
  options?: index.ParseOptions,
): Verdicts => ({
  parser: refusalsOf(name, value, options).length === 0,
  jsonSchema: jsonSchemaVerdicts(name, value),
})

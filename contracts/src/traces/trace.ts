import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  evidenceLevels,
  operations,
  type RuleId,
  ruleById,
  type Webhooks,
  webhookEventTypes,
} from '@sendbox/schema'
import { z } from 'zod'
import { readJsonFile } from '../json.ts'

const operationIds = Object.keys(operations) as (keyof typeof operations)[]

const RuleIdSchema = z
  .string()
  .refine((id): id is RuleId => ruleById.has(id as RuleId), 'no rule of @sendbox/schema')

/** The fields of every step. */
const common = {
  /** A sentence for the report. */
  title: z.string().min(1),
  /** The rules that the step shows. */
  rules: z.array(RuleIdSchema).min(1),
  /** The short name of the page or recording that shows it. */
  source: z.string().min(1),
  /** The weakest evidence among the rules. */
  evidence: z.enum(evidenceLevels),
  /** Differences between a recording and the schema; a replay ignores them. */
  problems: z.array(z.string()).exactOptional(),
}

/** A pattern of JSON: see `matchPattern`. */
const PatternSchema = z.json()

const CallStepSchema = z.strictObject({
  do: z.literal('call'),
  ...common,
  operation: z.enum(operationIds),
  /** The consumer, by a name of the trace. @default 'consumer' */
  consumer: z.string().min(1).default('consumer'),
  /** Makes the token invalid, or adds the scheme `Bearer`. @default a valid token */
  appJwt: z.enum(['missing', 'broken', 'foreign', 'bearer']).exactOptional(),
  consumerJws: z.enum(['missing', 'broken', 'foreign']).exactOptional(),
  /** Additional headers. */
  headers: z.record(z.string(), z.string()).exactOptional(),
  /** Values of the path's `{…}`, except for the account. */
  params: z.record(z.string(), PatternSchema).exactOptional(),
  /** Replaces the path, for example by the `relativePath` of an upload; `{accountId}` is replaced. */
  path: PatternSchema.exactOptional(),
  /** Replaces parameters of the query; `null` removes one. */
  query: z.record(z.string(), PatternSchema).exactOptional(),
  /** JSON, fields of a form, or text. */
  body: PatternSchema.exactOptional(),
  answer: z.strictObject({
    status: z.int(),
    body: PatternSchema.exactOptional(),
    /** A body that is not JSON. */
    text: z.string().exactOptional(),
  }),
})

const AgentStepSchema = z.strictObject({
  do: z.literal('agent'),
  ...common,
  conversation: PatternSchema,
  /** An action of the mock's control API; on a real account a person performs it. */
  action: z.looseObject({ action: z.string() }),
  answer: PatternSchema.exactOptional(),
})

const ShowStepSchema = z.strictObject({
  do: z.literal('show'),
  ...common,
  conversation: PatternSchema,
  /** The conversation as the control API has it. */
  view: PatternSchema,
})

const NotifiedStepSchema = z.strictObject({
  do: z.literal('notified'),
  ...common,
  conversation: PatternSchema,
  /** The next notification of the conversation. */
  body: PatternSchema,
  /** By lower-case name. */
  headers: z.record(z.string(), PatternSchema).exactOptional(),
  /** The receiver's response. @default 200 */
  status: z.int().default(200),
  /** Delay of the notification, in ms; the account's clock is advanced by it. */
  afterMs: z.int().min(1).exactOptional(),
})

const TraceStepSchema = z.discriminatedUnion('do', [
  CallStepSchema,
  AgentStepSchema,
  ShowStepSchema,
  NotifiedStepSchema,
])
export type TraceStep = z.output<typeof TraceStepSchema>
export type CallStep = Extract<TraceStep, { do: 'call' }>
export type NotifiedStep = Extract<TraceStep, { do: 'notified' }>

/** A sequence of calls and notifications, documented or recorded; ids, times and tokens are variables. */
export const TraceSchema = z.strictObject({
  format: z.literal('sendbox-trace'),
  version: z.literal(1),
  /** The name of the file, without its extension. */
  name: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string().min(1),
  /** Settings of the mock. @default {} */
  settings: z.record(z.string(), z.json()).default({}),
  /** Options of every webhook of the app install, without its endpoint. Rules: WH-1, WH-10, WH-11. */
  webhooks: z
    .strictObject({
      max_retries: z.int().exactOptional(),
      headers: z
        .array(z.strictObject({ header_name: z.string(), header_value: z.string() }))
        .exactOptional(),
      /** In seconds. */
      retention_time: z.int().exactOptional(),
    })
    .exactOptional(),
  steps: z.array(TraceStepSchema).min(1),
})
export type Trace = z.output<typeof TraceSchema>

/** A capability of a target; `wire` covers everything outside of the pure model: tokens, files, domains. */
export type Capability = 'wire' | 'agent' | 'control' | 'webhooks' | 'settings' | 'foreignTokens'

const modelOperations: readonly CallStep['operation'][] = ['send', 'conversation']

const isForFile = (body: unknown): boolean =>
  JSON.stringify(body ?? null).includes('"ms.GenerateURLFor')

function requiredByCall({
  operation,
  appJwt,
  consumerJws,
  query,
  headers = {},
  body,
}: CallStep): Capability[] {
  const isWire =
    !modelOperations.includes(operation) ||
    appJwt !== undefined ||
    consumerJws !== undefined ||
    query !== undefined ||
    'content-type' in headers ||
    typeof body === 'string' ||
    isForFile(body)
  return [
    ...(isWire ? (['wire'] as const) : []),
    ...([appJwt, consumerJws].includes('foreign') ? (['foreignTokens'] as const) : []),
  ]
}

function requiredByStep(step: TraceStep): Capability[] {
  switch (step.do) {
    case 'call':
      return requiredByCall(step)
    case 'agent':
      return ['agent']
    case 'show':
      return ['control']
    case 'notified':
      return step.afterMs === undefined ? ['webhooks'] : ['webhooks', 'control']
  }
}

/** The capabilities that a trace requires. */
export function requiredBy({ steps, settings }: Trace): Capability[] {
  const hasSettings = Object.keys(settings).length > 0
  return [
    ...new Set<Capability>([
      ...steps.flatMap(requiredByStep),
      ...(hasSettings ? ['settings' as const] : []),
    ]),
  ]
}

/** The webhooks of an app install: one endpoint for every type of event. Rules: WH-1, WH-10, WH-11. */
export function toWebhooks(
  endpoint: string,
  { retention_time, ...webhook }: NonNullable<Trace['webhooks']> = {},
): Webhooks {
  const entries = webhookEventTypes.map(type => [type, { endpoint, ...webhook }])
  return {
    ...Object.fromEntries(entries),
    ...(retention_time !== undefined && { retry: { retention_time } }),
  }
}

/** The traces of Sendbox. */
const tracesFolder: string = fileURLToPath(new URL('../../traces/', import.meta.url))

/** Reads a trace; throws an error that names the file and the problem. */
export async function readTrace(path: string): Promise<Trace> {
  const parsed = TraceSchema.safeParse(await readJsonFile(path))
  if (!parsed.success) throw new Error(`${path} is not a trace:\n${z.prettifyError(parsed.error)}`)
  if (basename(path) !== `${parsed.data.name}.json`)
    throw new Error(`${path} is not named after its trace, ${parsed.data.name}.json`)
  return parsed.data
}

/** Reads all traces of a folder, by name. */
export async function readTraces(folder: string = tracesFolder): Promise<Trace[]> {
  const files = (await readdir(folder)).filter(file => file.endsWith('.json')).toSorted()
  return Promise.all(files.map(file => readTrace(join(folder, file))))
}

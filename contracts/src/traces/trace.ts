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
import { readJsonFile } from '../read-json-file.ts'

const operationIds = Object.keys(operations) as (keyof typeof operations)[]

const RuleIdSchema = z
  .string()
  .refine((id): id is RuleId => ruleById.has(id as RuleId), 'no rule of @sendbox/schema')

/** What every step says of itself. */
const known = {
  /** What happens, in a sentence for whoever reads the report. */
  title: z.string().min(1),
  /** The rules that the step shows. */
  rules: z.array(RuleIdSchema).min(1),
  /** Where it was seen: the short name of a page, or of a recording. */
  source: z.string().min(1),
  /** The weakest evidence among the rules. */
  evidence: z.enum(evidenceLevels),
  /** Where a recording was not as the schema has it; a replay does not read it. */
  problems: z.array(z.string()).exactOptional(),
}

/** A pattern of JSON: see `matchPattern`. */
const PatternSchema = z.json()

const CallStepSchema = z.strictObject({
  do: z.literal('call'),
  ...known,
  operation: z.enum(operationIds),
  /** On whose behalf, by a name that the trace chooses. @default 'consumer' */
  consumer: z.string().min(1).default('consumer'),
  /** What is unusual about a token on purpose; `bearer` puts the scheme before it. @default nothing */
  appJwt: z.enum(['missing', 'broken', 'foreign', 'bearer']).exactOptional(),
  consumerJws: z.enum(['missing', 'broken', 'foreign']).exactOptional(),
  /** Further headers. */
  headers: z.record(z.string(), z.string()).exactOptional(),
  /** What the path's `{…}` stand for, beside the account. */
  params: z.record(z.string(), PatternSchema).exactOptional(),
  /** Takes the place of the whole path, such as the `relativePath` of an upload; `{accountId}` is filled in. */
  path: PatternSchema.exactOptional(),
  /** Replaces parameters of the query; `null` leaves one out. */
  query: z.record(z.string(), PatternSchema).exactOptional(),
  /** The body: JSON, fields of a form, or text, as the operation takes it. */
  body: PatternSchema.exactOptional(),
  answer: z.strictObject({
    status: z.int(),
    body: PatternSchema.exactOptional(),
    /** Bytes that are no JSON, as text. */
    text: z.string().exactOptional(),
  }),
})

const AgentStepSchema = z.strictObject({
  do: z.literal('agent'),
  ...known,
  conversation: PatternSchema,
  /** An action of the mock's control API; on a real account a person does it. */
  action: z.looseObject({ action: z.string() }),
  answer: PatternSchema.exactOptional(),
})

const ShowStepSchema = z.strictObject({
  do: z.literal('show'),
  ...known,
  conversation: PatternSchema,
  /** What the control API shows of the conversation. */
  view: PatternSchema,
})

const NotifiedStepSchema = z.strictObject({
  do: z.literal('notified'),
  ...known,
  conversation: PatternSchema,
  /** The next notification of the conversation. */
  body: PatternSchema,
  /** Headers of it, by their names in lower case. */
  headers: z.record(z.string(), PatternSchema).exactOptional(),
  /** What the receiver answers. @default 200 */
  status: z.int().default(200),
  /** How long it takes to come, in ms of the account's clock, which is set forward. */
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

/** An exchange over time, documented or recorded; ids, times and tokens are bound to variables. */
export const TraceSchema = z.strictObject({
  format: z.literal('sendbox-trace'),
  version: z.literal(1),
  /** Names the trace in reports, as its file does. */
  name: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string().min(1),
  /** Settings of the mock that the trace wants. @default {} */
  settings: z.record(z.string(), z.json()).default({}),
  /** What the app install says of every webhook beside its endpoint. Rules: WH-1, WH-10, WH-11. */
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

/** What a target must offer for a trace; `wire` is all that the pure model does not decide: tokens, files, domains. */
export type Need = 'wire' | 'agent' | 'control' | 'webhooks' | 'settings' | 'foreignTokens'

const modelOperations: readonly CallStep['operation'][] = ['send', 'conversation']

const isForFile = (body: unknown): boolean =>
  JSON.stringify(body ?? null).includes('"ms.GenerateURLFor')

function needsOfCall({
  operation,
  appJwt,
  consumerJws,
  query,
  headers = {},
  body,
}: CallStep): Need[] {
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

function needsOfStep(step: TraceStep): Need[] {
  switch (step.do) {
    case 'call':
      return needsOfCall(step)
    case 'agent':
      return ['agent']
    case 'show':
      return ['control']
    case 'notified':
      return step.afterMs === undefined ? ['webhooks'] : ['webhooks', 'control']
  }
}

/** What a trace needs that not every target has. */
export function needsOf({ steps, settings }: Trace): Need[] {
  const needs = steps.flatMap(needsOfStep)
  return [
    ...new Set<Need>([
      ...needs,
      ...(Object.keys(settings).length > 0 ? ['settings' as const] : []),
    ]),
  ]
}

/** Registers one endpoint for all five types of events. Rules: WH-1, WH-10, WH-11. */
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

/** Where the traces are that protocol.md supports. */
const tracesFolder: string = fileURLToPath(new URL('../../traces/', import.meta.url))

/** Reads a trace; throws an error that names the file and what is wrong with it. */
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

import { errorCatalogue, isRecord, operations } from '@sendbox/schema'
import { z } from 'zod'
import { findErrorCode, findOperation } from '../find-operation.ts'
import { readJsonFile } from '../json.ts'
import { declaredInteractions } from './interactions.ts'

const BodySchema = z.looseObject({
  content: z.unknown(),
  /** The encoding of the content, or `false`. */
  encoded: z.union([z.string(), z.literal(false)]).optional(),
})

const named = {
  description: z.string(),
  providerStates: z.array(z.looseObject({ name: z.string() })).optional(),
}

const CallSchema = z.looseObject({
  ...named,
  type: z.literal('Synchronous/HTTP'),
  request: z.looseObject({
    method: z.string(),
    path: z.string(),
    query: z.record(z.string(), z.array(z.string())).optional(),
    body: BodySchema.optional(),
  }),
  response: z.looseObject({ status: z.int(), body: BodySchema.optional() }),
})

const MessageSchema = z.looseObject({
  ...named,
  type: z.literal('Asynchronous/Messages'),
  contents: BodySchema,
})

const PactFileSchema = z.looseObject({
  consumer: z.object({ name: z.string() }),
  provider: z.object({ name: z.string() }),
  interactions: z.array(z.discriminatedUnion('type', [CallSchema, MessageSchema])),
  metadata: z.looseObject({ pactSpecification: z.object({ version: z.string() }) }),
})

/** A pact file of specification 4. */
export type PactFile = z.output<typeof PactFileSchema>
/** A call or a message of a pact file. */
export type PactFileInteraction = PactFile['interactions'][number]

/** Reads a pact file of specification 4; throws if it has another form. */
export async function readPactFile(path: string): Promise<PactFile> {
  return PactFileSchema.parse(await readJsonFile(path))
}

/** A replacer of `JSON.stringify`. */
const sortKeys = (_key: string, value: unknown): unknown =>
  isRecord(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value

/** The committed text of a pact file: sorted, and without the versions of the tools that wrote it. */
export function toCommittedText(pact: PactFile): string {
  const { pactSpecification } = pact.metadata
  const committed = {
    ...pact,
    interactions: pact.interactions.toSorted((a, b) => (a.description < b.description ? -1 : 1)),
    metadata: { pactSpecification },
  }
  return `${JSON.stringify(committed, sortKeys, 2)}\n`
}

const InteractionSchema = z.looseObject({
  ...named,
  /** Specification 4 only. */
  type: z.string().optional(),
  /** Specifications 1 and 2. */
  providerState: z.string().optional(),
  request: z.looseObject({ method: z.string().optional(), path: z.string().optional() }).optional(),
  response: z.looseObject({ body: z.unknown().optional() }).optional(),
})
type PactInteraction = z.output<typeof InteractionSchema>

/** A pact file of any specification. */
const AnyPactFileSchema = z.looseObject({
  consumer: z.looseObject({ name: z.string() }),
  provider: z.looseObject({ name: z.string() }),
  interactions: z.array(InteractionSchema).optional(),
  /** The messages of specification 3. */
  messages: z.array(z.looseObject({ description: z.string() })).optional(),
})

/** One interaction, with a pact file that contains only this one. */
export interface NamedInteraction {
  /** Consumer, provider and description. */
  readonly name: string
  readonly interaction: PactInteraction
  /** The text of the pact file. */
  readonly pact: string
  /** Whether the provider has never honoured its pact, so that a failure is no failure of the run. @default false */
  readonly isPending?: boolean
}

/** Reads the interactions of a pact file of any specification; throws an error that names the file and the problem. */
export const readInteractions = async (path: string): Promise<NamedInteraction[]> =>
  toInteractions(await readJsonFile(path), path)

/** The interactions of a pact of any specification; throws an error that names its source and the problem. */
export function toInteractions(json: unknown, path: string, isPending = false): NamedInteraction[] {
  const parsed = AnyPactFileSchema.safeParse(json)
  if (!parsed.success)
    throw new Error(`${path} is not a pact file:\n${z.prettifyError(parsed.error)}`)
  const { messages = [], interactions: calls = [], ...pact } = parsed.data
  const all: PactInteraction[] = [
    ...calls,
    ...messages.map(({ description }) => ({ description, type: 'message' })),
  ]
  if (all.length === 0) throw new Error(`${path} has no interactions: nothing would be verified`)
  return all.map(interaction => ({
    name: `${pact.consumer.name} → ${pact.provider.name}: ${interaction.description}`,
    interaction,
    pact: JSON.stringify({ ...pact, interactions: [interaction] }),
    ...(isPending && { isPending }),
  }))
}

/** Whether an interaction is a call; the provider sends a message by itself. */
export const isCall = ({ type, request }: PactInteraction): boolean =>
  request !== undefined && (type === undefined || type === 'Synchronous/HTTP')

/** The names of the provider states of an interaction. */
export const statesOf = ({ providerStates = [], providerState }: PactInteraction): string[] => [
  ...providerStates.map(({ name }) => name),
  ...(providerState === undefined ? [] : [providerState]),
]

const declared = new Map<string, readonly string[]>(
  declaredInteractions.map(({ description, rules }) => [description, rules]),
)

/** The rules of an interaction: the declared ones, or those of its error code and its operation. */
export function rulesOf({ description, request, response }: PactInteraction): string[] {
  const own = declared.get(description)
  if (own !== undefined) return [...own]
  const id = findOperation(request?.method ?? '', request?.path ?? '')
  const code = findErrorCode(response?.body)
  const entry =
    code !== undefined && Object.hasOwn(errorCatalogue, code)
      ? errorCatalogue[code as keyof typeof errorCatalogue]
      : undefined
  return [...new Set([...(entry?.rules ?? []), ...(id ? operations[id].rules : [])])]
}

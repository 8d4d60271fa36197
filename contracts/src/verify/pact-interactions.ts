import { errorCatalogue, type Operation, type OperationId, operations } from '@sendbox/schema'
import { z } from 'zod'
import { declaredInteractions } from '../pact/interactions.ts'
import { readJsonFile } from '../read-json-file.ts'

const ProviderStateSchema = z.looseObject({ name: z.string() })

const InteractionSchema = z.looseObject({
  description: z.string(),
  /** Specification 4 only. */
  type: z.string().optional(),
  providerStates: z.array(ProviderStateSchema).optional(),
  /** Specifications 1 and 2. */
  providerState: z.string().optional(),
  request: z.looseObject({ method: z.string().optional(), path: z.string().optional() }).optional(),
  response: z.looseObject({ body: z.unknown().optional() }).optional(),
})
export type PactInteraction = z.output<typeof InteractionSchema>

/** A pact file of any specification, as far as a verification reads it. */
const AnyPactFileSchema = z.looseObject({
  consumer: z.looseObject({ name: z.string() }),
  provider: z.looseObject({ name: z.string() }),
  interactions: z.array(InteractionSchema).optional(),
  /** Where specification 3 keeps messages. */
  messages: z.array(z.looseObject({ description: z.string() })).optional(),
})

/** One interaction, with the pact file that holds it alone. */
export interface NamedInteraction {
  /** Consumer, provider and description. */
  readonly name: string
  readonly interaction: PactInteraction
  /** A whole pact file, as text. */
  readonly pact: string
}

/** Reads the interactions of a pact file; throws an error that names the file and what is wrong with it. */
export async function readInteractions(path: string): Promise<NamedInteraction[]> {
  const parsed = AnyPactFileSchema.safeParse(await readJsonFile(path))
  if (!parsed.success)
    throw new Error(`${path} is not a pact file:\n${z.prettifyError(parsed.error)}`)
  const { messages, interactions: calls = [], ...pact } = parsed.data
  const all: PactInteraction[] = [
    ...calls,
    ...(messages ?? []).map(({ description }) => ({ description, type: 'message' })),
  ]
  if (all.length === 0) throw new Error(`${path} has no interactions: nothing would be verified`)
  const { consumer, provider } = pact
  return all.map(interaction => ({
    name: `${consumer.name} → ${provider.name}: ${interaction.description}`,
    interaction,
    pact: JSON.stringify({ ...pact, interactions: [interaction] }),
  }))
}

/** Claims that an interaction is a call: a message has no service to be sent to. */
export const isCall = ({ type, request }: PactInteraction): boolean =>
  request !== undefined && (type === undefined || type === 'Synchronous/HTTP')

/** The names of the states that an interaction starts from. */
export const statesOf = ({ providerStates, providerState }: PactInteraction): string[] => [
  ...(providerStates ?? []).map(({ name }) => name),
  ...(providerState === undefined ? [] : [providerState]),
]

const toPattern = (template: string): RegExp =>
  new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`)

const patterns = Object.entries<Operation>(operations).flatMap(([id, operation]) =>
  [operation.path, ...(operation.aliases ?? [])].map(path => ({
    id: id as OperationId,
    method: operation.method,
    pattern: toPattern(path),
  })),
)

/** The operation that a call is of. */
export function findOperation(method: string, path: string): OperationId | undefined {
  const [bare = ''] = path.split('?')
  return patterns.find(known => known.method === method && known.pattern.test(bare))?.id
}

/** The account that a path names. */
export const accountIn = (path: string): string | undefined => {
  const [, segment] = /\/account\/([^/?]+)/.exec(path) ?? []
  return segment === undefined ? undefined : decodeURIComponent(segment)
}

/** The first error code that JSON names. */
function errorCodeIn(json: unknown): number | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  const own = (json as { readonly errorCode?: unknown }).errorCode
  if (typeof own === 'number') return own
  for (const inner of Object.values(json)) {
    const found = errorCodeIn(inner)
    if (found !== undefined) return found
  }
  return undefined
}

const declared = new Map<string, readonly string[]>(
  declaredInteractions.map(({ description, rules }) => [description, rules]),
)

/** The rules that an interaction is about: those that Sendbox declares for its own, else what operation and error tell. */
export function rulesOf({ description, request, response }: PactInteraction): string[] {
  const own = declared.get(description)
  if (own !== undefined) return [...own]
  const id = findOperation(request?.method ?? '', request?.path ?? '')
  const code = errorCodeIn(response?.body)
  const entry =
    code !== undefined && Object.hasOwn(errorCatalogue, code)
      ? errorCatalogue[code as keyof typeof errorCatalogue]
      : undefined
  return [...new Set([...(entry?.rules ?? []), ...(id ? operations[id].rules : [])])]
}

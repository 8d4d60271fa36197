import { readFile } from 'node:fs/promises'
import { z } from 'zod'

const BodySchema = z.looseObject({
  content: z.unknown(),
  /** What the content is encoded with, or `false`. */
  encoded: z.union([z.string(), z.literal(false)]).optional(),
})

const known = {
  description: z.string(),
  providerStates: z.array(z.looseObject({ name: z.string() })).optional(),
}

const CallSchema = z.looseObject({
  ...known,
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
  ...known,
  type: z.literal('Asynchronous/Messages'),
  contents: BodySchema,
})

/** What the gates read of a pact file of specification 4. */
const PactFileSchema = z.looseObject({
  consumer: z.object({ name: z.string() }),
  provider: z.object({ name: z.string() }),
  interactions: z.array(z.discriminatedUnion('type', [CallSchema, MessageSchema])),
  metadata: z.looseObject({ pactSpecification: z.object({ version: z.string() }) }),
})

/** A pact file as the gates read it. */
export type PactFile = z.output<typeof PactFileSchema>
/** A call or a message of a pact file. */
export type PactFileInteraction = PactFile['interactions'][number]
/** A call of a pact file. */
export type PactFileCall = Extract<PactFileInteraction, { type: 'Synchronous/HTTP' }>

/** The names of the states that the interactions of a pact start from, each time that one is named. */
export const stateNamesOf = ({ interactions }: PactFile): string[] =>
  interactions.flatMap(({ providerStates = [] }) => providerStates.map(({ name }) => name))

/** Reads a pact file; throws where it is none. */
export async function readPactFile(path: string): Promise<PactFile> {
  return PactFileSchema.parse(JSON.parse(await readFile(path, 'utf8')))
}

const sortKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]))
}

/** The text of a pact file as it is committed: sorted, and without the versions of the tools that wrote it. */
export function toCommittedText(pact: PactFile): string {
  const { pactSpecification } = pact.metadata
  const committed = {
    ...pact,
    interactions: pact.interactions.toSorted((a, b) => (a.description < b.description ? -1 : 1)),
    metadata: { pactSpecification },
  }
  return `${JSON.stringify(sortKeys(committed), null, 2)}\n`
}

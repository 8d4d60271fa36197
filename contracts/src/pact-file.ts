import { readFile } from 'node:fs/promises'
import { z } from 'zod'

const ContentSchema = z.looseObject({ body: z.looseObject({ content: z.unknown() }).optional() })

/** What the gates read of a pact file of specification 4. */
const PactFileSchema = z.looseObject({
  consumer: z.object({ name: z.string() }),
  provider: z.object({ name: z.string() }),
  interactions: z.array(
    z.looseObject({
      description: z.string(),
      type: z.string(),
      providerStates: z.array(z.looseObject({ name: z.string() })).default([]),
      request: ContentSchema,
      response: ContentSchema,
    }),
  ),
  metadata: z.looseObject({ pactSpecification: z.object({ version: z.string() }) }),
})

/** A pact file as the gates read it. */
export interface PactFile {
  readonly consumer: { readonly name: string }
  readonly provider: { readonly name: string }
  readonly interactions: readonly {
    readonly description: string
    readonly type: string
    readonly providerStates: readonly { readonly name: string }[]
    readonly request: { readonly body?: { readonly content: unknown } | undefined }
    readonly response: { readonly body?: { readonly content: unknown } | undefined }
  }[]
  readonly metadata: { readonly pactSpecification: { readonly version: string } }
}

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

import { ErrorResponseSchema, parseSendRequest, SendResponseSchema } from '@sendbox/schema'
import type { PactFile } from './pact-file.ts'

/** What a verification saw, beside the verifier's own verdict. */
export interface VerificationFacts {
  /** Calls that reached the provider. */
  readonly providerHits: number
  readonly stateFailures: readonly { readonly state: string; readonly message: string }[]
  readonly handledStates: readonly string[]
}

/** The interactions are those that are declared, each once: pact files are merged and overwritten silently. */
export function checkInteractions(pact: PactFile, declared: readonly string[]): string[] {
  const written = pact.interactions.map(({ description }) => description)
  return [
    ...declared
      .filter(description => !written.includes(description))
      .map(description => `Interaction "${description}" is declared, but not in the pact file`),
    ...written
      .filter(
        (description, index) =>
          !declared.includes(description) || written.indexOf(description) !== index,
      )
      .map(
        description => `Interaction "${description}" is in the pact file, but not declared once`,
      ),
  ]
}

/** The specification is 4.0: the wrong constant gives an older one without a word. */
export function checkSpecification(pact: PactFile): string[] {
  const { version } = pact.metadata.pactSpecification
  return version === '4.0' ? [] : [`The pact file follows specification ${version}, not 4.0`]
}

/** Every example parses under the schema. */
export const checkExamples = (pact: PactFile): string[] =>
  pact.interactions.flatMap(({ description, request, response }) => {
    const parsed = parseSendRequest(request.body?.content)
    const problems = parsed.ok ? [] : parsed.problems.map(({ message }) => `request: ${message}`)
    const answer = response.body?.content
    const isAnswer =
      SendResponseSchema.safeParse(answer).success || ErrorResponseSchema.safeParse(answer).success
    return [...problems, ...(isAnswer ? [] : ['response: neither an answer nor an error'])].map(
      problem => `Interaction "${description}", ${problem}`,
    )
  })

/** Every provider state has a handler: the verifier only warns of a missing one. */
export function checkStates(pact: PactFile, handledStates: readonly string[]): string[] {
  const named = pact.interactions.flatMap(({ providerStates }) =>
    providerStates.map(({ name }) => name),
  )
  return [...new Set(named)]
    .filter(name => !handledStates.includes(name))
    .map(name => `Provider state "${name}" has no handler`)
}

/** No handler failed: the verifier goes on as if nothing had happened. */
export const checkStateFailures = ({ stateFailures }: VerificationFacts): string[] =>
  stateFailures.map(({ state, message }) => `Provider state "${state}" failed: ${message}`)

/** Each interaction reached the provider once: no interactions at all verify green. */
export function checkHits(pact: PactFile, { providerHits }: VerificationFacts): string[] {
  const expected = pact.interactions.length
  if (expected === 0) return ['The pact file has no interactions']
  return providerHits === expected
    ? []
    : [`The provider was called ${providerHits} times for ${expected} interactions`]
}

/** A token in a pact file would be published with it. */
export const checkNoTokens = (text: string): string[] =>
  (text.match(/eyJ[\w-]{10,}/g) ?? []).map(
    found => `The pact file holds a token: ${found.slice(0, 12)}…`,
  )

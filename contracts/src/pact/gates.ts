import { type PactFile, stateNamesOf } from './pact-file.ts'

/** What a verification saw, beside the verifier's own verdict. */
export interface VerificationFacts {
  /** Calls that reached the provider, and messages that it was asked for. */
  readonly providerHits: number
  /** How often each state was set up, and how often it was torn down. */
  readonly changes: Readonly<
    Record<string, { readonly setUps: number; readonly tearDowns: number }>
  >
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

/** Every provider state has a handler: the verifier only warns of a missing one. */
export function checkStates(pact: PactFile, handledStates: readonly string[]): string[] {
  return [...new Set(stateNamesOf(pact))]
    .filter(name => !handledStates.includes(name))
    .map(name => `Provider state "${name}" has no handler`)
}

/** No handler failed: the verifier goes on as if nothing had happened. */
export const checkStateFailures = ({ stateFailures }: VerificationFacts): string[] =>
  stateFailures.map(({ state, message }) => `Provider state "${state}" failed: ${message}`)

/** Each state that was entered was left again: the verifier does not mind a handler without a teardown. */
export const checkTearDowns = ({ changes }: VerificationFacts): string[] =>
  Object.entries(changes).flatMap(([state, { setUps, tearDowns }]) =>
    setUps === tearDowns
      ? []
      : [`Provider state "${state}" was set up ${setUps} times and torn down ${tearDowns} times`],
  )

/** Each interaction reached the provider once: no interactions at all verify green. */
export function checkHits(pact: PactFile, { providerHits }: VerificationFacts): string[] {
  const expected = pact.interactions.length
  if (expected === 0) return ['The pact file has no interactions']
  return providerHits === expected
    ? []
    : [`The provider was called ${providerHits} times for ${expected} interactions`]
}

/** What is secret by its looks: the start of a JWT, whatever stands after `Bearer`, and the mock's own secret. */
const tokenLike = /eyJ[\w-]{10,}|Bearer [\w.~+/-]{8,}|sendbox-secret/g

/** A token in a pact file would be published with it. */
export const checkNoTokens = (text: string): string[] =>
  (text.match(tokenLike) ?? []).map(found => `The file holds a token: ${found.slice(0, 12)}…`)

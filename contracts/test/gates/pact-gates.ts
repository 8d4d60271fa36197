import type { PactFile } from '../../src/pact/pact-file.ts'

/** The interactions are the declared ones, each once: pact files are merged and overwritten silently. */
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

/** The specification is 4.0: a wrong constant silently gives an older one. */
export function checkSpecification(pact: PactFile): string[] {
  const { version } = pact.metadata.pactSpecification
  return version === '4.0' ? [] : [`The pact file follows specification ${version}, not 4.0`]
}

/** Text with the form of a secret: the start of a JWT, a bearer token, or the mock's own secret. */
const tokenLike = /eyJ[\w-]{10,}|Bearer [\w.~+/-]{8,}|sendbox-secret/g

/** A token in a committed file would be published with it. */
export const checkNoTokens = (text: string): string[] =>
  (text.match(tokenLike) ?? []).map(found => `The file holds a token: ${found.slice(0, 12)}…`)

import { stringsIn } from './json.ts'

/** Texts that no report may show. */
export interface Secrets {
  add(text: string | undefined): void
  /** Adds every token and signature in JSON, by the name of its field. */
  learn(json: unknown): void
  redact(text: string): string
}

const secretNames: readonly string[] = ['access_token', 'token', 'temp_url_sig', 'client_secret']

const redacted = '<redacted>'

/** Collects the secrets of a run and redacts them; whatever looks like a JWT is redacted in any case. */
export function createSecrets(): Secrets {
  const known = new Set<string>()
  const add = (text: string | undefined): void => {
    if (!text) return
    known.add(text)
    // As JSON escapes it.
    known.add(JSON.stringify(text).slice(1, -1))
  }
  return {
    add,
    learn: json => stringsIn(json, ...secretNames).forEach(add),
    redact: text =>
      [...known]
        .toSorted((a, b) => b.length - a.length)
        .reduce((rest, secret) => rest.replaceAll(secret, redacted), text)
        .replace(/eyJ[\w-]{10,}(\.[\w-]+)*/g, redacted),
  }
}

/** A word or phrase that comments and docs do not use, and what to write in its place. */
export interface ForbiddenWord {
  readonly pattern: RegExp
  /** Whether Markdown pages are checked too, not only comments. */
  readonly isForPages: boolean
  readonly write: string
}

const word = (source: string, write: string): ForbiddenWord => ({
  pattern: new RegExp(`\\b(?:${source.replaceAll(' ', String.raw`\s+`)})\\b`, 'gi'),
  isForPages: true,
  write,
})

/** The first word of a sentence in a comment; a page may ask a question. */
const opening = (source: string, write: string): ForbiddenWord => ({
  pattern: new RegExp(`(?<=(?:^|\\0|\\.)\\s*)${source}\\b`, 'g'),
  isForPages: false,
  write,
})

export const forbiddenWords: readonly ForbiddenWord[] = [
  opening('What', 'the name of the thing: "The …", "Why …", or a verb'),
  word('claims that', '"True if …" or "Whether …"'),
  word('at once', '"immediately", "synchronously" or "concurrently"'),
  word('(?:is|are|was|were) there', '"exists", "is cached", "is present"'),
  word('go(?:es|ing)? on', '"continues"'),
  word('anew', '"again", "is reset"'),
  word('(?:is|are|was|were) meant', '"matches", "is selected"'),
  word('bears?', '"has", "carries"'),
  word('told', '"notified", "subscribed", "shown"'),
  word('taken', '"accepted", "in use", "dequeued"'),
  word('(?:is|are|was|were) noted', '"is recorded", "is a diagnostic"'),
  word('comes? about', '"results from", "is created"'),
  word('blot(?:s|ted)? out', '"redact"'),
  word('let(?:s|ting)? go of', '"release", "evict"'),
  word('g[ia]ves? way', '"is replaced by"'),
  word('mend(?:s|ed|ing)?', '"fix"'),
  word(String.raw`stands(?! (?:in )?for\b)`, '"is"; for a place: "is in", "is at"'),
  word(
    String.raw`what (?:\w+ ){0,4}may be`,
    'the name of the thing: "idempotent requests", "accepted values"',
  ),
  word('remarks?|findings?', '"diagnostic"; "problem" for what refuses'),
]

/**
 * The evidence of a rule, strongest first:
 * `documented` LivePerson's documentation or published schema says so; `recorded` seen in production traffic or in code run
 * against production; `tolerated` published clients send or read it; `assumed` nothing public says, Sendbox chose.
 * `own` marks Sendbox's own features and is outside of the order.
 */
export const evidenceLevels = ['documented', 'recorded', 'tolerated', 'assumed', 'own'] as const

/** One of {@link evidenceLevels}. */
export type Evidence = (typeof evidenceLevels)[number]

/** One side of a contradiction in the public material. */
export interface ContradictionSide {
  readonly statement: string
  /** The source, in the abbreviations of `docs/rules.md`. */
  readonly source: string
}

/** One statement about the Send API, with its evidence. */
export interface Rule {
  /** The id, such as `SEQ-1`; a statement whose parts have different evidence is split as `EP-3.1`, `EP-3.2`. */
  readonly id: string
  readonly text: string
  readonly evidence: Evidence
  /** The sources of the statement; often none if the evidence is `assumed` or `own`. */
  readonly sources: readonly string[]
  /** The sides of a contradiction in the public material, the one that Sendbox follows, and the setting that selects another. */
  readonly contradiction?: {
    readonly sides: readonly [ContradictionSide, ContradictionSide, ...ContradictionSide[]]
    readonly followed: string
    readonly setting?: string
  }
}

/** Returns a function that gives a rule this evidence, and the sources that it names. */
const known =
  <Level extends Evidence>(evidence: Level) =>
  (...sources: string[]) => ({ evidence, sources })

export const documented = known('documented')
export const recorded = known('recorded')
export const tolerated = known('tolerated')
export const assumed = known('assumed')
export const own = known('own')

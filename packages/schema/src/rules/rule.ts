/**
 * How well a rule is known, strongest first:
 * `documented` LivePerson's documentation or published schema says so; `recorded` seen in production traffic or in code run
 * against production; `tolerated` published clients send or read it; `assumed` nothing public says, Sendbox chose.
 * `own` marks Sendbox's own features and stands outside the order.
 */
export const evidenceLevels = ['documented', 'recorded', 'tolerated', 'assumed', 'own'] as const

/** One of {@link evidenceLevels}. */
export type Evidence = (typeof evidenceLevels)[number]

/** One side of a contradiction in the public material. */
export interface ContradictionSide {
  readonly statement: string
  /** Who says so, in the abbreviations of `docs/rules.md`. */
  readonly source: string
}

/** One statement about the Send API, with how well it is known. */
export interface Rule {
  /** The id of the protocol, such as `SEQ-1`; a row whose parts are known unequally well is split as `EP-3.1`, `EP-3.2`. */
  readonly id: string
  readonly text: string
  readonly evidence: Evidence
  /** Where the statement comes from; empty where the evidence is `assumed` or `own`. */
  readonly sources: readonly string[]
  /** Public material that contradicts itself: all sides, which one Sendbox follows, and the setting that picks another. */
  readonly contradiction?: {
    readonly sides: readonly [ContradictionSide, ContradictionSide, ...ContradictionSide[]]
    readonly followed: string
    readonly setting?: string
  }
}

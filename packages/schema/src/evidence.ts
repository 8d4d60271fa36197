/**
 * How well a rule is known, strongest first:
 * `documented` LivePerson's documentation or published schema says so; `recorded` seen in production traffic or in code run
 * against production; `tolerated` published clients send or read it; `assumed` nothing public says, Sendbox chose.
 * `own` marks Sendbox's own features and stands outside the order.
 */
export const evidenceLevels = ['documented', 'recorded', 'tolerated', 'assumed', 'own'] as const

/** One of {@link evidenceLevels}. */
export type Evidence = (typeof evidenceLevels)[number]

/** What the client holds against the schema. */
export interface ClientChecks {
  /**
   * Requests, before they leave: `strict` takes only what is documented or recorded, `as-service`
   * also what the service tolerates, `off` sends anything.
   *
   * @default 'as-service'
   */
  readonly requests?: 'strict' | 'as-service' | 'off'
  /**
   * Answers to requests and batches, where unknown fields pass; those that the client itself lives
   * on, such as tokens, domains and places of files, are always checked. A `sequence` may be
   * missing where they are off.
   *
   * @default 'on'
   */
  readonly answers?: 'on' | 'off'
}

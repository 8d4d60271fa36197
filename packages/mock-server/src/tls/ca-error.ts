/** A certificate or a CA that cannot be used; the message says what to do next. */
export class CaError extends Error {
  override readonly name = 'CaError'
}

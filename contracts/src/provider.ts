import type { StateHandler } from './state-handlers.ts'

/** A running service that a pact is verified against. */
export interface Provider {
  /** Base URL, without a slash at its end. */
  readonly url: string
  /** Real tokens for the placeholders of the pact. */
  readonly tokens: { readonly appJwt: string; readonly consumerJws: string }
  readonly stateHandlers: Readonly<Record<string, StateHandler>>
  close(): Promise<void>
}

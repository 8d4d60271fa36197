import type { ProviderStateValues } from '../states.ts'
import type { StateHandler } from './state-handlers.ts'

/** Makes the provider send a message, and resolves with the body that it sent; `values` are those of the provider states. */
export type MessageProducer = (values: ProviderStateValues) => Promise<unknown>

/** A running service that a pact is verified against. */
export interface Provider {
  /** Base URL, without a slash at its end. */
  readonly url: string
  /** Real tokens for the placeholders of the pact. */
  readonly tokens: { readonly appJwt: string; readonly consumerJws: string }
  /** The app install, for the placeholders of the pact. */
  readonly client: { readonly clientId: string; readonly clientSecret: string }
  readonly stateHandlers: Readonly<Record<string, StateHandler>>
  /** By the description of the message. */
  readonly messageProducers: Readonly<Record<string, MessageProducer>>
  close(): Promise<void>
}

/** The account and consumer that every interaction is about. */
export const pactAccountId = '12345678'
export const pactConsumerId = 'pact-consumer'

/** What stands in a pact where a call carries a token; the verification puts real ones in their place. */
export const placeholders = {
  appJwt: 'APP_JWT',
  consumerJws: 'CONSUMER_JWS',
  /** Is sent as it is, so that it is refused. */
  brokenAppJwt: 'BROKEN_APP_JWT',
} as const

/** The states that interactions start from, by name; both sides of a contract read them here. */
export const providerStates = {
  openConversation: 'the consumer has an open conversation',
  conversationWithTwoTexts: 'the consumer has an open conversation with two texts',
  closedConversation: 'the consumer has a closed conversation',
} as const

/** The name of a provider state. */
export type ProviderState = (typeof providerStates)[keyof typeof providerStates]

/** What a provider state hands to the interaction. */
export interface ProviderStateValues {
  readonly conversationId: string
}

/** The account and consumer of every interaction. */
export const pactAccountId = '12345678'
export const pactConsumerId = 'pact-consumer'

/** The names of the provider states, shared by both sides of the contract. */
export const providerStates = {
  openConversation: 'the consumer has an open conversation',
  conversationWithTwoTexts: 'the consumer has an open conversation with two texts',
  closedConversation: 'the consumer has a closed conversation',
  noOpenConversation: 'the consumer has no open conversation',
  openSurvey: 'the survey is open',
  expiredAppJwt: 'an AppJWT has expired',
  uploadedFile: 'a file was uploaded',
} as const

/** The name of a provider state. */
export type ProviderState = (typeof providerStates)[keyof typeof providerStates]

/** The account and consumer of a provider state. */
export interface ProviderStateParams {
  readonly accountId: string
  /** The `ext_consumer_id`. */
  readonly consumer: string
}

/** Values of a provider state for the interaction, by the names in `fromProviderState`. */
export type ProviderStateValues = Readonly<Record<string, string>>

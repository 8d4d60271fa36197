/** The account and consumer that every interaction is about. */
export const pactAccountId = '12345678'
export const pactConsumerId = 'pact-consumer'

/** Another consumer of the account, whose conversations are none of the first one's business. */
export const otherConsumerId = 'other-consumer'

/** The states that interactions start from, by name; both sides of a contract read them here. */
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

/** Whom a provider state is about. */
export interface ProviderStateParams {
  readonly accountId: string
  /** The `ext_consumer_id`. */
  readonly consumer: string
}

/** What a provider state hands to the interaction, by the names that `fromProviderState` asks for. */
export type ProviderStateValues = Readonly<Record<string, string>>

/** Names a value of a provider state, as `fromProviderState` reads it. */
export const toExpression = (
  name: 'conversationId' | 'dialogId' | 'relativePath' | 'appJwt',
): string => `\${${name}}`

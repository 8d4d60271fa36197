import type { RuleId } from '@sendbox/schema'

/** One interaction of the contract. */
export interface DeclaredInteraction {
  /** Its name in the pact file. */
  readonly description: string
  /** The rules that its request and response show. */
  readonly rules: readonly RuleId[]
}

const interaction = (description: string, rules: readonly RuleId[]): DeclaredInteraction => ({
  description,
  rules,
})

/** An event that is published. */
const published = (description: string, ...rules: readonly RuleId[]): DeclaredInteraction =>
  interaction(description, [...rules, 'RES-3'])

/** A call that is refused for its content or the state of the conversation. */
const refused = (description: string, ...rules: readonly RuleId[]): DeclaredInteraction =>
  interaction(description, [...rules, 'RES-7'])

/** A call that is refused for its token. */
const unauthorized = (description: string): DeclaredInteraction =>
  interaction(description, ['AUTH-5', 'AUTH-6'])

/** Every call of the contract. */
export const interactions = {
  sendText: published(
    'a text to an open conversation',
    'EP-1',
    'AUTH-1.1',
    'AUTH-2',
    'REQ-1',
    'REQ-3.1',
    'PUB-1.1',
    'PUB-2',
    'RES-1',
    'RES-2',
  ),
  sendTextWithMetadata: published('a text with the metadata of a button', 'REQ-5', 'PUB-10'),
  sendFile: published('a file message with a file that was uploaded', 'PUB-3', 'PUB-4.1'),
  sendCard: published('a card to an open conversation', 'PUB-9'),
  setChatState: published('a chat state to an open conversation', 'PUB-7', 'SEQ-4'),
  accept: published('a receipt for two texts', 'PUB-8.1', 'SEQ-1'),
  read: published('a READ of the first of two texts', 'PUB-8.1', 'SEQ-1'),
  act: published('the ACTION of a reply to a card', 'PUB-8.1', 'PUB-10', 'SEQ-1'),
  answerSurvey: published('a text to a survey', 'PUB-1.2', 'LIF-4.1', 'SEQ-3'),
  close: interaction('a request to close the conversation', [
    'REQ-3.1',
    'UPD-1',
    'UPD-2',
    'RES-5.1',
  ]),
  closeStage: interaction('a request to close the conversation by its stage', ['UPD-4', 'RES-5.1']),
  closeDialog: interaction('a request to close the main dialog', ['UPD-3', 'RES-5.1']),
  rate: interaction('a rating of a closed conversation', ['UPD-5', 'RES-5.2']),
  setTimeToRespond: interaction('a time to respond for an open conversation', ['UPD-6', 'RES-5.2']),
  setProfile: interaction("the consumer's profile", [
    'REQ-3.1',
    'PRO-1',
    'PRO-2',
    'PRO-3',
    'RES-4a',
  ]),
  askForUpload: interaction('a request for a place to put a file', ['REQ-3.1', 'URL-1', 'URL-3.1']),
  askForDownload: interaction('a request for a way to fetch a file', [
    'REQ-3.1',
    'URL-2',
    'URL-3.1',
  ]),
  openConversation: interaction('a batch that opens a conversation', [
    'EP-2',
    'AUTH-1.1',
    'AUTH-2',
    'CON-1',
    'CON-2',
    'RES-4',
  ]),
  lookUpDomains: interaction('a look-up of all domains', ['EP-5.2', 'EP-6.1', 'EP-8.1']),
  fetchAppJwt: interaction('a request for an AppJWT', ['EP-9']),
  fetchConsumerJws: interaction('a request for a ConsumerJWS', ['EP-13']),
  upload: interaction('an upload of a file', ['EP-15']),
  download: interaction('a download of a file', ['EP-15']),
  fetchAppJwtWithWrongSecret: interaction('a request for an AppJWT with a wrong secret', [
    'EP-12.1',
    'EP-12.2',
  ]),
  fetchConsumerJwsWithBrokenAppJwt: interaction(
    'a request for a ConsumerJWS with an AppJWT that is no token',
    ['EP-14.2', 'AUTH-6'],
  ),
  textWithBrokenAppJwt: unauthorized('a text with an AppJWT that is no token'),
  textWithExpiredAppJwt: unauthorized('a text with an AppJWT that has expired'),
  textWithBrokenConsumerJws: unauthorized('a text with a ConsumerJWS that is no token'),
  textToOtherConsumer: interaction("a text to another consumer's conversation", [
    'AUTH-9.1',
    'AUTH-9.2',
  ]),
  textAfterClose: refused('a text to a closed conversation', 'LIF-2.1', 'LIF-2.2', 'RES-6'),
  closeAfterClose: refused('a second close of a conversation', 'LIF-5'),
  chatStateDuringSurvey: refused('a chat state to a main dialog whose survey is open', 'LIF-3'),
  textToUnknown: refused('a text to a conversation that does not exist', 'LIF-6'),
  openSecondConversation: refused(
    'a batch that opens a second conversation',
    'CON-4.1',
    'CON-4.2',
    'CON-5',
  ),
  uploadWithBrokenSignature: interaction('an upload with a signature that is none', ['EP-15']),
} satisfies Record<string, DeclaredInteraction>

/** Every message of the contract: notifications to webhooks. */
export const notifications = {
  text: interaction("an agent's text", ['WH-4.1', 'WH-4a', 'WH-5', 'SEQ-1']),
  echo: interaction("the consumer's own text", ['WH-4.1', 'WH-5', 'WH-6']),
  file: interaction("an agent's file", ['WH-4.1', 'PUB-3']),
  card: interaction("an agent's card", ['WH-4.1', 'PUB-9']),
  receipt: interaction("an agent's READ of a text", ['WH-4.1', 'PUB-8.1']),
  chatState: interaction("an agent's chat state", ['WH-4.1', 'SEQ-4']),
  opened: interaction('a conversation that was opened', ['WH-4.1', 'WH-7', 'WH-8', 'LIF-7']),
  closed: interaction('a conversation that was closed', ['WH-4.1', 'WH-7', 'WH-8', 'LIF-1']),
} satisfies Record<string, DeclaredInteraction>

/** The interactions of the pact file. */
export const declaredInteractions: readonly DeclaredInteraction[] = [
  ...Object.values(interactions),
  ...Object.values(notifications),
]

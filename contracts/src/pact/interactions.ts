import type { RuleId } from '@sendbox/schema'

/** One interaction of the contract. */
export interface DeclaredInteraction {
  /** Its name in the pact file. */
  readonly description: string
  /** The rules that its request and response show. */
  readonly rules: readonly RuleId[]
}

/** Every call of the contract. */
export const interactions = {
  sendText: {
    description: 'a text to an open conversation',
    rules: [
      'EP-1',
      'AUTH-1.1',
      'AUTH-2',
      'REQ-1',
      'REQ-3.1',
      'PUB-1.1',
      'PUB-2',
      'RES-1',
      'RES-2',
      'RES-3',
    ],
  },
  sendTextWithMetadata: {
    description: 'a text with the metadata of a button',
    rules: ['REQ-5', 'PUB-10', 'RES-3'],
  },
  sendFile: {
    description: 'a file message with a file that was uploaded',
    rules: ['PUB-3', 'PUB-4.1', 'RES-3'],
  },
  sendCard: { description: 'a card to an open conversation', rules: ['PUB-9', 'RES-3'] },
  setChatState: {
    description: 'a chat state to an open conversation',
    rules: ['PUB-7', 'SEQ-4', 'RES-3'],
  },
  accept: { description: 'a receipt for two texts', rules: ['PUB-8.1', 'SEQ-1', 'RES-3'] },
  read: { description: 'a READ of the first of two texts', rules: ['PUB-8.1', 'SEQ-1', 'RES-3'] },
  act: {
    description: 'the ACTION of a reply to a card',
    rules: ['PUB-8.1', 'PUB-10', 'SEQ-1', 'RES-3'],
  },
  answerSurvey: {
    description: 'a text to a survey',
    rules: ['PUB-1.2', 'LIF-4.1', 'SEQ-3', 'RES-3'],
  },
  close: {
    description: 'a request to close the conversation',
    rules: ['REQ-3.1', 'UPD-1', 'UPD-2', 'RES-5.1'],
  },
  closeStage: {
    description: 'a request to close the conversation by its stage',
    rules: ['UPD-4', 'RES-5.1'],
  },
  closeDialog: {
    description: 'a request to close the main dialog',
    rules: ['UPD-3', 'RES-5.1'],
  },
  rate: { description: 'a rating of a closed conversation', rules: ['UPD-5', 'RES-5.2'] },
  setTimeToRespond: {
    description: 'a time to respond for an open conversation',
    rules: ['UPD-6', 'RES-5.2'],
  },
  setProfile: {
    description: "the consumer's profile",
    rules: ['REQ-3.1', 'PRO-1', 'PRO-2', 'PRO-3', 'RES-4a'],
  },
  askForUpload: {
    description: 'a request for a place to put a file',
    rules: ['REQ-3.1', 'URL-1', 'URL-3.1'],
  },
  askForDownload: {
    description: 'a request for a way to fetch a file',
    rules: ['REQ-3.1', 'URL-2', 'URL-3.1'],
  },
  openConversation: {
    description: 'a batch that opens a conversation',
    rules: ['EP-2', 'AUTH-1.1', 'AUTH-2', 'CON-1', 'CON-2', 'RES-4'],
  },
  lookUpDomains: {
    description: 'a look-up of all domains',
    rules: ['EP-5.2', 'EP-6.1', 'EP-8.1'],
  },
  fetchAppJwt: { description: 'a request for an AppJWT', rules: ['EP-9'] },
  fetchConsumerJws: { description: 'a request for a ConsumerJWS', rules: ['EP-13'] },
  upload: { description: 'an upload of a file', rules: ['EP-15'] },
  download: { description: 'a download of a file', rules: ['EP-15'] },
  fetchAppJwtWithWrongSecret: {
    description: 'a request for an AppJWT with a wrong secret',
    rules: ['EP-12.1', 'EP-12.2'],
  },
  fetchConsumerJwsWithBrokenAppJwt: {
    description: 'a request for a ConsumerJWS with an AppJWT that is no token',
    rules: ['EP-14.2', 'AUTH-6'],
  },
  textWithBrokenAppJwt: {
    description: 'a text with an AppJWT that is no token',
    rules: ['AUTH-5', 'AUTH-6'],
  },
  textWithExpiredAppJwt: {
    description: 'a text with an AppJWT that has expired',
    rules: ['AUTH-5', 'AUTH-6'],
  },
  textWithBrokenConsumerJws: {
    description: 'a text with a ConsumerJWS that is no token',
    rules: ['AUTH-5', 'AUTH-6'],
  },
  textToOtherConsumer: {
    description: "a text to another consumer's conversation",
    rules: ['AUTH-9.1', 'AUTH-9.2'],
  },
  textAfterClose: {
    description: 'a text to a closed conversation',
    rules: ['LIF-2.1', 'LIF-2.2', 'RES-6', 'RES-7'],
  },
  closeAfterClose: { description: 'a second close of a conversation', rules: ['LIF-5', 'RES-7'] },
  chatStateDuringSurvey: {
    description: 'a chat state to a main dialog whose survey is open',
    rules: ['LIF-3', 'RES-7'],
  },
  textToUnknown: {
    description: 'a text to a conversation that does not exist',
    rules: ['LIF-6', 'RES-7'],
  },
  openSecondConversation: {
    description: 'a batch that opens a second conversation',
    rules: ['CON-4.1', 'CON-4.2', 'CON-5', 'RES-7'],
  },
  uploadWithBrokenSignature: {
    description: 'an upload with a signature that is none',
    rules: ['EP-15'],
  },
} as const satisfies Record<string, DeclaredInteraction>

/** Every message of the contract: notifications to webhooks. */
export const notifications = {
  text: {
    description: "an agent's text",
    rules: ['WH-4.1', 'WH-4a', 'WH-5', 'SEQ-1'],
  },
  echo: { description: "the consumer's own text", rules: ['WH-4.1', 'WH-5', 'WH-6'] },
  file: { description: "an agent's file", rules: ['WH-4.1', 'PUB-3'] },
  card: { description: "an agent's card", rules: ['WH-4.1', 'PUB-9'] },
  receipt: { description: "an agent's READ of a text", rules: ['WH-4.1', 'PUB-8.1'] },
  chatState: { description: "an agent's chat state", rules: ['WH-4.1', 'SEQ-4'] },
  opened: {
    description: 'a conversation that was opened',
    rules: ['WH-4.1', 'WH-7', 'WH-8.1', 'LIF-7'],
  },
  closed: {
    description: 'a conversation that was closed',
    rules: ['WH-4.1', 'WH-7', 'WH-8.1', 'LIF-1'],
  },
} as const satisfies Record<string, DeclaredInteraction>

/** The interactions of the pact file. */
export const declaredInteractions: readonly DeclaredInteraction[] = [
  ...Object.values(interactions),
  ...Object.values(notifications),
]

/** Every interaction of the contract, by its description in the pact file. */
export const interactions = {
  sendText: 'a text to an open conversation',
  setChatState: 'a chat state to an open conversation',
  accept: 'a receipt for two texts',
  close: 'a request to close the conversation',
  textAfterClose: 'a text to a closed conversation',
  textWithBrokenAppJwt: 'a text with an AppJWT that is no token',
} as const

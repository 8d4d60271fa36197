export const accountId = '12345678'

export const sendPath = `/api/account/${accountId}/messaging/consumer/conversation/send?v=3`

const json = { 'content-type': 'application/json' }

const post = async (url, body, headers = {}) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...json, ...headers },
    body: JSON.stringify(body),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${JSON.stringify(answer)}`)
  return answer
}

export const toSendBody = dialogId => ({
  kind: 'req',
  id: '1',
  type: 'ms.PublishEvent',
  body: {
    dialogId,
    event: { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello from a connector' },
  },
})

/** Fetches the tokens of a consumer from a mock. */
export async function fetchTokens(url, consumer = 'zoe') {
  const path = `${url}/__sendbox/accounts/${accountId}/tokens`
  const { appJwt, consumerJws } = await post(path, { consumer })
  return { authorization: appJwt, 'x-lp-on-behalf': consumerJws }
}

/** Opens a conversation at a mock and answers its id. */
export async function openConversation(url, tokens) {
  const batch = [
    { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: { authenticatedData: {} } },
    {
      kind: 'req',
      id: '2',
      type: 'cm.ConsumerRequestConversation',
      body: { brandId: accountId, ttrType: 'NORMAL', channelType: 'MESSAGING' },
    },
  ]
  const path = sendPath.replace('/send', '')
  const answers = await post(`${url}${path}`, batch, tokens)
  return answers.map(({ body }) => body.conversationId).find(Boolean)
}

/** The POST that is sent to every server, with real tokens and the id of an open conversation. */
export async function toSendCall(sendboxUrl, consumer) {
  const tokens = await fetchTokens(sendboxUrl, consumer)
  const conversationId = await openConversation(sendboxUrl, tokens)
  return {
    conversationId,
    path: sendPath,
    headers: { ...json, ...tokens },
    body: JSON.stringify(toSendBody(conversationId)),
  }
}

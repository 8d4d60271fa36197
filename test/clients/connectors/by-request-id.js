// A connector that asks for hosts by https, finds the answers of a batch by their ids, and selects webhooks by its one conversation.
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import axios from 'axios'

const account = '12345678'
const { data: domains } = await axios.get(
  `https://api.liveperson.net/api/account/${account}/service/baseURI?version=1.0`,
)
const hostOf = name => domains.baseURIs.find(({ service }) => service === name).baseURI

const { data: app } = await axios.post(
  `https://${hostOf('sentinel')}/sentinel/api/account/${account}/app/token?v=1.0&grant_type=client_credentials&client_id=sendbox-client&client_secret=sendbox-secret`,
  {},
)
const { data: consumer } = await axios.post(
  `https://${hostOf('idp')}/api/account/${account}/consumer`,
  { ext_consumer_id: 'zoe' },
  { headers: { Authorization: app.access_token } },
)
const conversationUrl = `https://${hostOf('asyncMessagingEnt')}/api/account/${account}/messaging/consumer/conversation`
const call = async (path, body) => {
  const headers = { Authorization: app.access_token, 'X-LP-ON-BEHALF': consumer.token }
  return (await axios.post(`${conversationUrl}${path}?v=3`, body, { headers })).data
}

const batch = await call('', [
  { kind: 'req', id: 'profile', type: 'userprofile.SetUserProfile', body: { firstName: 'Zoe' } },
  {
    kind: 'req',
    id: 'open',
    type: 'cm.ConsumerRequestConversation',
    body: { channelType: 'MESSAGING', brandId: account },
  },
])
const { conversationId } = batch.find(({ reqId }) => reqId === 'open').body

const onMessage = ({ text }) =>
  call('/send', {
    kind: 'req',
    id: '1',
    type: 'ms.PublishEvent',
    body: {
      dialogId: conversationId,
      event: { type: 'ContentEvent', contentType: 'text/plain', message: text },
    },
  })
const onWebhook = ({ body }) => {
  for (const { conversationId: id, result, event, originatorMetadata } of body.changes) {
    if ((id ?? result?.convId) !== conversationId) continue
    if (result?.conversationDetails.state === 'CLOSE') console.log('the conversation is closed')
    else if (event?.type === 'ContentEvent' && originatorMetadata.role !== 'CONSUMER')
      console.log(`agent: ${event.message}`)
  }
}
const onEnd = () =>
  call('/send', {
    kind: 'req',
    id: '2',
    type: 'cm.UpdateConversationField',
    body: {
      conversationId,
      conversationField: { field: 'ConversationStateField', conversationState: 'CLOSE' },
    },
  })

const routes = { '/messages': onMessage, '/webhooks': onWebhook, '/end': onEnd }
const serve = async (request, response) => {
  await routes[request.url](await json(request))
  response.end()
}
const server = createServer((request, response) => void serve(request, response))
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))

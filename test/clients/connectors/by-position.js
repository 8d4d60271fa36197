// A connector that asks for each host by its name, has its token by a form, reads the second answer of a batch, and knows its webhooks by a header.
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { got } from 'got'

const account = '12345678'
const hostOf = async service => {
  const url = `https://api.liveperson.net/api/account/${account}/service/${service}/baseURI.json?version=1.0`
  return (await got(url).json()).baseURI
}

const { access_token: appJwt } = await got
  .post(`https://${await hostOf('sentinel')}/sentinel/api/account/${account}/app/token?v=1.0`, {
    form: {
      client_id: 'sendbox-client',
      client_secret: 'sendbox-secret',
      grant_type: 'client_credentials',
    },
  })
  .json()
const { token } = await got
  .post(`https://${await hostOf('idp')}/api/account/${account}/consumer?v=1.0`, {
    headers: { Authorization: appJwt },
    json: { ext_consumer_id: 'zoe' },
  })
  .json()
const conversationUrl = `https://${await hostOf('asyncMessagingEnt')}/api/account/${account}/messaging/consumer/conversation`
const call = (path, body) =>
  got
    .post(`${conversationUrl}${path}?v=3`, {
      headers: { Authorization: appJwt, 'X-LP-ON-BEHALF': token },
      json: body,
    })
    .json()
const answers = await call('', [
  { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: { firstName: 'Zoe' } },
  { kind: 'req', id: '1', type: 'cm.ConsumerRequestConversation', body: { brandId: account } },
])
const { conversationId } = answers[1].body
const publish = event =>
  call('/send', {
    kind: 'req',
    id: '1',
    type: 'ms.PublishEvent',
    body: { dialogId: conversationId, event },
  })

const onMessage = async ({ text }) => {
  await publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
  await publish({ type: 'ContentEvent', contentType: 'text/plain', message: text })
  await publish({ type: 'ChatStateEvent', chatState: 'ACTIVE' })
}
const onWebhook = ({ body }, { 'x-connector': name }) => {
  if (name !== 'by-position') throw new Error('a webhook of nobody')
  for (const { event, originatorMetadata } of body.changes)
    if (event?.type === 'ContentEvent' && originatorMetadata.role !== 'CONSUMER')
      console.log(`agent: ${event.message}`)
}
const onEnd = () =>
  call('/send', {
    kind: 'req',
    id: '1',
    type: 'cm.UpdateConversationField',
    body: {
      conversationId,
      conversationField: { field: 'ConversationStateField', conversationState: 'CLOSE' },
    },
  })

const routes = { '/messages': onMessage, '/webhooks': onWebhook, '/end': onEnd }
const serve = async (request, response) => {
  await routes[request.url](await json(request), request.headers)
  response.end()
}
const server = createServer((request, response) => void serve(request, response))
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))

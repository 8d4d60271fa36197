// A connector that asks for hosts by plain http, has its secret from the list of app installs, and uploads as a page of a browser does.
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'

const account = '12345678'
const origin = 'https://hub.example'
const contentType = { 'Content-Type': 'application/json' }

const ask = async (url, { body, ...init } = {}) => {
  const response = await fetch(url, {
    ...init,
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers: { ...contentType, ...init.headers },
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return response.json()
}

const domains = await ask(
  `http://adminlogin.liveperson.net/api/account/${account}/service/baseURI.json?version=1.0`,
)
const hostOf = name => domains.baseURIs.find(({ service }) => service === name).baseURI

const { bearer } = await ask(`https://${hostOf('agentVep')}/api/account/${account}/login?v=1.3`, {
  body: { username: 'max', password: 'secret' },
})
const installs = await ask(
  `https://${hostOf('accountConfigReadWrite')}/api/account/${account}/configuration/app-install/installations?v=1.0`,
  { headers: { Authorization: `Bearer ${bearer}` } },
)
const { client_id: id, client_secret: secret } = installs.find(({ enabled }) => enabled)
const { access_token: appJwt } = await ask(
  `https://${hostOf('sentinel')}/sentinel/api/account/${account}/app/token?v=1.0&grant_type=client_credentials&client_id=${id}&client_secret=${secret}`,
  { body: {} },
)
const { token } = await ask(`https://${hostOf('idp')}/api/account/${account}/consumer?v=1.0`, {
  headers: { Authorization: appJwt },
  body: { ext_consumer_id: 'zoe' },
})
const conversationUrl = `https://${hostOf('asyncMessagingEnt')}/api/account/${account}/messaging/consumer/conversation`
const call = (path, body) =>
  ask(`${conversationUrl}${path}?v=3`, {
    headers: { Authorization: appJwt, 'X-LP-ON-BEHALF': token },
    body,
  })
const [, opened] = await call('', [
  { kind: 'req', id: '1,', type: 'userprofile.SetUserProfile', body: { firstName: 'Zoe' } },
  { kind: 'req', id: '2,', type: 'cm.ConsumerRequestConversation', body: { brandId: account } },
])
const { conversationId } = opened.body
const publish = event =>
  call('/send', {
    kind: 'req',
    id: '3,',
    type: 'ms.PublishEvent',
    body: { dialogId: conversationId, event },
  })

const upload = async () => {
  const { body } = await call('/send', {
    kind: 'req',
    id: '4,',
    type: 'ms.GenerateURLForUploadFile',
    body: { fileSize: 3, fileType: 'PNG' },
  })
  const query = new URLSearchParams(body.queryParams)
  const url = `https://${hostOf('swift')}${body.relativePath}?${query}`
  const preflight = await fetch(url, {
    method: 'OPTIONS',
    headers: { Origin: origin, 'Access-Control-Request-Method': 'PUT' },
  })
  if (!preflight.headers.get('access-control-allow-methods')?.includes('PUT'))
    throw new Error('the page may not upload')
  const stored = await fetch(url, { method: 'PUT', headers: { Origin: origin }, body: 'abc' })
  if (stored.headers.get('access-control-allow-origin') !== '*')
    throw new Error('the page may not see its upload')
  const message = { relativePath: body.relativePath, fileType: 'PNG', caption: 'a picture' }
  await publish({ type: 'ContentEvent', contentType: 'hosted/file', message })
}

const onMessage = async ({ text }) => {
  await publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
  await publish({ type: 'ContentEvent', contentType: 'text/plain', message: text })
  await upload()
}
const onWebhook = async ({ body }) => {
  for (const { event, sequence, originatorMetadata } of body.changes) {
    if (event?.type !== 'ContentEvent' || originatorMetadata.role === 'CONSUMER') continue
    console.log(`agent: ${event.message}`)
    await publish({ type: 'AcceptStatusEvent', status: 'ACCEPT', sequenceList: [sequence] })
  }
}
const onEnd = () =>
  call('/send', {
    kind: 'req',
    id: '5,',
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

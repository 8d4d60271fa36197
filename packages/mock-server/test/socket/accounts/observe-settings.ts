import { SignJWT } from 'jose/jwt/sign'
import { importJWK } from 'jose/key/import'
import type { MockServer } from '../../../src/index.ts'
import { testPrivateJwk, testPublicJwk } from '../../../src/tokens/test-key-pair.ts'
import { startWebhookReceiver, webhooksAt } from '../../webhook-receiver.ts'
import { text } from '../consumer-session.ts'

const vertical = {
  type: 'vertical',
  elements: ['one', 'two', 'three'].map(each => ({ type: 'text', text: each })),
}

const skillId = '3801636938'

const batch = (brandId: string) => [
  { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: {} },
  { kind: 'req', id: '2', type: 'cm.ConsumerRequestConversation', body: { brandId, skillId } },
]

const publishOf = (dialogId: string, event: unknown) => ({
  kind: 'req',
  id: '1',
  type: 'ms.PublishEvent',
  body: { dialogId, event },
})

/** An AppJWT without mandatory claims. Rule: AUTH-8. */
const signIncomplete = async (accountId: string): Promise<string> =>
  new SignJWT({ aud: accountId })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: testPublicJwk.kid })
    .sign(await importJWK(testPrivateJwk))

const features = ['AUTO_MESSAGES', 'MULTI_DIALOG', 'RICH_CONTENT', 'PHOTO_SHARING']

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

const isOurs = ([name]: readonly [string, string]): boolean => /^x-sendbox|^allow$/.test(name)

/** The calls of one account, and all that is seen of their answers and webhooks. */
export async function observe(server: MockServer, accountId: string): Promise<unknown> {
  await using receiver = await startWebhookReceiver()
  const account = server.account(accountId)
  account.webhooks.register(webhooksAt(receiver.url))
  const { appJwt, consumerJws } = await account.tokens('zoe')
  const good = {
    Authorization: appJwt,
    'X-LP-ON-BEHALF': consumerJws,
    'Content-Type': 'application/json',
    'Client-Properties': JSON.stringify({ type: '.ClientProperties', features }),
  }
  const answers: Answer[] = []
  const ask = async (method: string, path: string, headers = {}, json?: unknown) => {
    const body = json === undefined ? null : JSON.stringify(json)
    const response = await fetch(server.url + path, { method, headers, body })
    const answer = {
      status: response.status,
      headers: Object.fromEntries([...response.headers].filter(isOurs)),
      body: await response.json(),
    }
    answers.push(answer)
    return answer
  }
  const api = `/api/account/${accountId}`
  const sendPath = `${api}/messaging/consumer/conversation/send?v=3`
  const send = (json: unknown, headers = {}) => ask('POST', sendPath, { ...good, ...headers }, json)

  const opened = await ask(
    'POST',
    `${api}/messaging/consumer/conversation?v=3`,
    good,
    batch(accountId),
  )
  const [, reply] = opened.body as [unknown, { body?: { conversationId?: string } }?]
  const conversationId = reply?.body?.conversationId ?? 'none'
  const publish = (event: unknown) => send(publishOf(conversationId, event))

  await publish(text('Hello'))
  await publish({ type: 'RichContentEvent', content: vertical })
  await publish(text('sendbox:status=503'))
  await publish({
    type: 'ContentEvent',
    contentType: 'hosted/file',
    message: {
      relativePath: `/v1/AUTH_async-images/${accountId}/a.JPG`,
      fileType: 'JPG',
      preview: 'data:image/png;base64,AAAA',
    },
  })
  await send({
    kind: 'req',
    id: '1',
    type: 'ms.GenerateURLForUploadFile',
    body: { fileSize: '100', fileType: 'JPG' },
  })
  await send({ kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: { other: true } })
  await send({ kind: 'req', id: '1', type: 'ms.PublishEvent', body: {} })
  await send({}, { Authorization: '' })
  await send({}, { Authorization: await signIncomplete(accountId) })
  await ask('POST', `${api}/messaging/consumer/conversation?v=3`, good, batch(accountId))
  await ask('GET', `${api}/service/sentinel/baseURI.json?version=1.0`)
  await ask('GET', `${api}/service/baseURI.json?version=1.0`)
  await ask('GET', `${api}/nowhere`)
  await ask('PATCH', `${api}/service/baseURI.json?version=1.0`)
  const { clientId, clientSecret } = account
  const grant = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  })
  await ask('POST', `/sentinel${api}/app/token?v=1.0&${grant.toString()}`)
  await send({
    kind: 'req',
    id: '1',
    type: 'cm.UpdateConversationField',
    body: {
      conversationId,
      conversationField: {
        field: 'DialogChange',
        type: 'UPDATE',
        dialog: { dialogId: conversationId, state: 'CLOSE' },
      },
    },
  })
  const survey = (await account.conversations.get(conversationId))?.dialogs[1]?.dialogId
  await send({
    kind: 'req',
    id: '1',
    type: 'ms.PublishEvent',
    body: { conversationId, dialogId: survey ?? conversationId, event: text('5') },
  })
  await account.webhooks.idle()
  const posts = receiver.posts.map(({ path, headers, body }) => ({
    path,
    signature: headers['x-liveperson-signature'],
    body,
  }))
  const seen = JSON.stringify({ answers, posts })
  return JSON.parse(seen.replaceAll(new URL(server.url).host, 'mock'))
}

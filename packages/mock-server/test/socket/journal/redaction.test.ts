import type { FileUrl } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { type ConsumerSession, call, startConsumerSession, text } from '../consumer-session.ts'

const clientSecret = 'a secret & more'

/** Calls of every kind that carry secrets, each where it belongs and where it does not; returns all of the secrets. */
async function leakSecrets(session: ConsumerSession): Promise<string[]> {
  const { server, accountId, sendUrl, headers, conversationId } = session
  const { Authorization: appJwt = '', 'X-LP-ON-BEHALF': consumerJws = '' } = headers
  const post = (path: string, body: string, more: Record<string, string> = {}) =>
    call(`${server.url}${path}`, { method: 'POST', headers: { ...headers, ...more }, body })
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const tokenPath = `/sentinel/api/account/${accountId}/app/token?v=1.0`
  const credentials = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: 'sendbox-client',
    client_secret: clientSecret,
  })
  const issued = (await post(tokenPath, credentials.toString(), form)).json as {
    access_token: string
  }
  await post(`${tokenPath}&${credentials.toString()}`, '')
  const consumer = await post(
    `/api/account/${accountId}/consumer?v=1.0`,
    JSON.stringify({ ext_consumer_id: 'consumer-2', client_secret: 'nested-secret' }),
  )
  const { token } = consumer.json as { token: string }

  await session.publish(text(`my token is ${appJwt}`))
  await session.publish(text(`my secret is ${clientSecret}, as you know`))
  await session.publish({ type: 'ContentEvent', contentType: 'text/plain', text: consumerJws })
  await session.publish({
    type: 'ContentEvent',
    contentType: 'hosted/file',
    message: { relativePath: '/none', fileType: 'PNG', caption: `Bearer ${token}` },
  })
  await session.send({ id: consumerJws, type: appJwt, body: { [appJwt]: 1 } })
  await session.send(
    { id: '1', type: 'ms.PublishEvent', body: { dialogId: conversationId, event: text('hi') } },
    {
      ...headers,
      Cookie: 'session=cookie-secret',
      'Proxy-Authorization': 'Basic proxy-secret',
      'x-api-key': 'api-key-secret',
      'X-Own': consumerJws,
      'X-Own-Token': 'own-token-secret',
      'Client-Properties': `{"type":"${appJwt}"}`,
    },
  )
  await post(`/api/account/${accountId}/nowhere/${appJwt}?access_token=query-secret`, '{}')
  await call(`${sendUrl}&x=${consumerJws}`, { headers })
  await post(new URL(sendUrl).pathname, `{"client_secret":"broken-secret","jwt":"${appJwt}"`)
  await post(new URL(sendUrl).pathname, `{"a":"${'x'.repeat(4070)}${appJwt}`)

  const upload = await session.send({
    id: '1',
    type: 'ms.GenerateURLForUploadFile',
    body: { fileSize: 3, fileType: 'PNG' },
  })
  const { relativePath, queryParams } = (upload.json as { body: FileUrl }).body
  const fileUrl = `${server.url}${relativePath}?${new URLSearchParams({ ...queryParams }).toString()}`
  await fetch(fileUrl, { method: 'PUT', body: 'abc' })
  await session.publish(text(`see ${fileUrl}`))

  const jwts = [appJwt, consumerJws, token, issued.access_token]
  return [
    ...jwts.flatMap(jwt => [jwt, ...jwt.split('.').slice(1), jwt.slice(0, 20)]),
    clientSecret,
    encodeURIComponent(clientSecret),
    clientSecret.replaceAll(' ', '+'),
    'nested-secret',
    'cookie-secret',
    'proxy-secret',
    'api-key-secret',
    'own-token-secret',
    'query-secret',
    'broken-secret',
    queryParams.temp_url_sig,
  ]
}

test('shows no token, secret or signature in the journal, in a near miss or in an error', async () => {
  const accounts = { '12345678': { installs: [{ clientSecret }] } }
  await using session = await startConsumerSession({ accounts })
  const { server, accountId } = session
  const secrets = await leakSecrets(session)
  const { requests } = server.account()
  const url = `${server.url}/__sendbox/accounts/${accountId}`
  const askFor = async (path: string, body: unknown) =>
    (
      await call(`${url}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      })
    ).text
  const [appJwt = ''] = secrets
  const shown = [
    JSON.stringify(requests.list()),
    (await call(`${url}/requests`)).text,
    (await call(`${url}/requests?${appJwt}=1&token=${appJwt}`)).text,
    await askFor('/verify', { match: { conversationId: appJwt }, shape: { jwt: appJwt } }),
    await askFor('/verify', { shape: { body: { event: { message: 'x' } } }, order: [{}] }),
    await askFor('/verify', { match: { type: appJwt, other: appJwt } }),
    await askFor('/requests/wait', { match: { consumer: appJwt }, timeoutMs: 0 }),
  ]
  expect(requests.list().length).toBeGreaterThan(13)
  expect(requests.list()[0]?.raw?.text).toContain('client_secret=<redacted>')
  expect(requests.list()[1]?.query).toMatchObject({ client_secret: '<redacted>' })
  expect(
    shown.flatMap((dump, index) =>
      secrets.filter(secret => dump.includes(secret)).map(secret => [index, secret]),
    ),
  ).toEqual([])
})

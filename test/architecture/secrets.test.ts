import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { type Logger, startMockServer } from '@sendbox/mock-server'
import { operations, toPath } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { createLog } from '../../packages/mock-server/src/cli/log.ts'
import { testPrivateJwk } from '../../packages/mock-server/src/tokens/test-key-pair.ts'

/** A stream that nobody reads takes no more bytes than this: the log is read as a whole. */
const maxLogBytes = 2 ** 26

const clientSecret = 'client-secret-of-this-test'
const headerValue = 'header-value-of-this-test'
const urlPassword = 'url-password-of-this-test'
const password = 'password-of-this-test'
const accountId = 'secrets'

/** The log of the command, as it writes it to a file, and to a terminal. */
function createProductionLogs(): Logger & { read(): string[] } {
  const outputs = [false, true].map(isTTY =>
    Object.assign(new PassThrough({ highWaterMark: maxLogBytes }), { isTTY }),
  )
  const logs = outputs.map(output => createLog('debug', output))
  const toAll =
    (level: 'debug' | 'info' | 'warn' | 'error'): Logger['info'] =>
    (fields, message) => {
      for (const log of logs) log[level](fields, message)
    }
  return {
    debug: toAll('debug'),
    info: toAll('info'),
    warn: toAll('warn'),
    error: toAll('error'),
    read: () => outputs.flatMap(output => String(output.read()).trim().split('\n')),
  }
}

/** Takes every notification, but the first. */
async function startReceiver(): Promise<{ port: number; signatures: string[] } & AsyncDisposable> {
  const signatures: string[] = []
  const server = createServer((request, response) => {
    signatures.push(String(request.headers['x-liveperson-signature']))
    response.writeHead(signatures.length === 1 ? 500 : 200).end()
    request.resume()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    signatures,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

test('no token, secret, key or signature shows in a log, journal, metric, error or snapshot; a webhook shows its own signature', async () => {
  await using receiver = await startReceiver()
  const log = createProductionLogs()
  const capabilities = {
    webhooks: {
      'ms.MessagingEventNotification.ContentEvent': {
        endpoint: `http://user:${urlPassword}@127.0.0.1:${receiver.port}/`,
        max_retries: 1,
        headers: [{ header_name: 'x-own', header_value: headerValue }],
      },
    },
  }
  await using server = await startMockServer({
    log,
    accounts: { [accountId]: { installs: [{ clientSecret, capabilities }] } },
  })
  const account = server.account(accountId)
  const control = `${server.url}/__sendbox`
  const shown: string[] = []
  const ask = async (url: string, init?: RequestInit): Promise<string> => {
    const response = await fetch(url, init)
    const body = await response.text()
    shown.push(JSON.stringify([...response.headers]))
    return body
  }
  const show = async (path: string, method = 'GET', body?: unknown): Promise<void> => {
    const sent = body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }
    shown.push(await ask(`${control}${path}`, { method, ...sent }))
  }

  const tokenUrl = `${server.url}${toPath(operations.appToken.path, { accountId })}`
  const grant = 'v=1.0&grant_type=client_credentials&client_id=sendbox-client'
  const issued = await ask(`${tokenUrl}?${grant}&client_secret=${clientSecret}`, { method: 'POST' })
  const { access_token: appJwt } = JSON.parse(issued) as { access_token: string }
  shown.push(await ask(`${tokenUrl}?${grant}&client_secret=${clientSecret}x`, { method: 'POST' }))
  const login = await ask(`${server.url}${toPath(operations.agentLogin.path, { accountId })}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'zoe', password }),
  })
  const { bearer } = JSON.parse(login) as { bearer: string }
  const { consumerJws } = await account.tokens('zoe')
  const { conversationId } = await account.conversations.open('zoe')
  const sendUrl = `${server.url}${toPath(operations.send.path, { accountId })}?v=3`
  const headers = {
    authorization: `Bearer ${appJwt}`,
    'x-lp-on-behalf': consumerJws,
    'content-type': 'application/json',
  }
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello' }
  const body = { dialogId: conversationId, event }
  const send = async (request: unknown, more: Record<string, string> = {}): Promise<string> => {
    const sent = JSON.stringify(request)
    return ask(sendUrl, { method: 'POST', headers: { ...headers, ...more }, body: sent })
  }
  shown.push(await send({ id: '1', type: 'ms.PublishEvent', body }))
  shown.push(await send({ id: '1', type: consumerJws, body: { token: appJwt } }))
  shown.push(
    await send({ id: '1', type: 'ms.PublishEvent', body }, { authorization: `${appJwt}x` }),
  )
  const place = { fileSize: 5, fileType: 'PNG' }
  const url = await send({ id: '1', type: 'ms.GenerateURLForUploadFile', body: place })
  const { temp_url_sig: fileSignature } = (
    JSON.parse(url) as { body: { queryParams: { temp_url_sig: string } } }
  ).body.queryParams
  await account.clock.advance(30_000)
  await account.webhooks.waitFor({ match: { state: 'delivered' } })

  const own = `/accounts/${accountId}`
  for (const path of ['/metrics', '/accounts', '/openapi.json', '/jwks.json', '/health'])
    await show(path)
  for (const part of ['snapshot', 'conversations', 'requests', 'faults', 'app-install'])
    await show(`${own}/${part}`)
  // The signature is shown where a receiver's author compares it, and nowhere else.
  const [webhookSignature = '?'] = receiver.signatures
  const deliveries = await ask(`${control}${own}/webhooks`)
  expect(deliveries).toContain(`"sent":"${webhookSignature}"`)
  shown.push(deliveries.replaceAll(webhookSignature, ''))
  await show(`${own}/verify`, 'POST', { match: { operation: 'upload' }, count: 5 })
  await show(`${own}/app-install`, 'PUT', { clientSecret: [clientSecret], [clientSecret]: 1 })

  const lines = log.read()
  const dump = [...shown, ...lines].join('\n')
  expect(receiver.signatures).toHaveLength(2)
  expect(lines.length).toBeGreaterThan(10)
  expect(dump).toContain(conversationId)
  const secrets = {
    clientSecret,
    headerValue,
    urlPassword,
    password,
    bearer,
    bearerSignature: bearer.split('.')[2],
    appJwt,
    appJwtSignature: appJwt.split('.')[2],
    consumerJws,
    consumerJwsSignature: consumerJws.split('.')[2],
    fileSignature,
    privateKey: testPrivateJwk.d,
    webhookSignature,
  }
  const found = Object.entries(secrets).filter(([, secret]) => dump.includes(secret ?? '?'))
  expect(found).toEqual([])
})

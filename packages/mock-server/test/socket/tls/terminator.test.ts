import { once } from 'node:events'
import { request as requestHttp } from 'node:http'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { startMockServer } from '../../../src/index.ts'
import { createOwnCertificate } from '../../certificates.ts'

const own = await createOwnCertificate()

/** A proxy that ends TLS, and names the upstream as the host, as many do by default. */
async function startTerminator(upstream: string): Promise<string> {
  const server = createServer(own, (incoming, response) => {
    const { method, url, headers } = incoming
    const { host } = new URL(upstream)
    const forwarded = { 'x-forwarded-host': headers.host, 'x-forwarded-proto': 'https' }
    const outgoing = requestHttp(upstream + url, {
      method,
      headers: { ...headers, host, ...forwarded },
    })
    outgoing.on('response', answer =>
      answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers)),
    )
    incoming.pipe(outgoing)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `localhost:${(server.address() as AddressInfo).port}`
}

async function ask(url: string, method = 'GET') {
  const [response] = await once(
    request(url, { method, ca: own.cert, agent: false }).end(),
    'response',
  )
  return { status: response.statusCode as number, body: (await json(response)) as object }
}

test('behind a proxy that ends TLS the next https call leads to the proxy again, where the setting trusts it', async () => {
  await using server = await startMockServer({ settings: { domainApi: { trustProxy: true } } })
  const proxy = await startTerminator(server.url)
  const path = '/api/account/12345678/service/sentinel/baseURI.json?version=1.0'
  const { body } = await ask(`https://${proxy}${path}`)
  expect(body).toEqual({ service: 'sentinel', account: '12345678', baseURI: proxy })
  const { baseURI } = body as { baseURI: string }
  const query =
    'v=1.0&grant_type=client_credentials&client_id=sendbox-client&client_secret=sendbox-secret'
  const token = await ask(
    `https://${baseURI}/sentinel/api/account/12345678/app/token?${query}`,
    'POST',
  )
  expect(token).toMatchObject({ status: 200, body: { token_type: 'Bearer' } })
})

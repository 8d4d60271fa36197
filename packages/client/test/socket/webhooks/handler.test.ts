import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import type { WebhookDelivery } from '../../../src/index.ts'
import { deliver, headersOf, numbered } from '../../webhooks/deliveries.ts'
import { createWebhookRecorder } from '../../webhooks/recorder.ts'

interface Listening extends AsyncDisposable {
  readonly port: number
  readonly post: (delivery: WebhookDelivery) => Promise<{ status: number; body: unknown }>
}

async function listen(
  listener: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Listening> {
  const serve: RequestListener = (request, response) => void listener(request, response)
  const server = createServer(serve)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    async post({ headers, body }) {
      const response = await fetch(`http://127.0.0.1:${port}/webhooks`, {
        method: 'POST',
        headers: headers as Record<string, string>,
        body,
      })
      return { status: response.status, body: await response.json() }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const bodyGone = {
  outcome: 'refused',
  message:
    'The raw body is gone, and the signature is over its bytes: mount the webhook handler before express.json(), or put express.raw({ type: "*/*" }) in front of it',
}

test('a server of node:http takes webhooks by the raw bytes, in UTF-8', async () => {
  await using webhooks = createWebhookRecorder()
  await using server = await listen(webhooks.handle)
  const spaced = JSON.stringify(numbered(0), null, 2).replace('"0"', '"Hi 😃 é"')

  expect(await server.post(deliver(spaced))).toEqual({ status: 200, body: { outcome: 'received' } })
  await webhooks.idle()
  expect(webhooks.log).toEqual(['Hi 😃 é'])
})

test('a wrong signature is answered with 401 over the wire', async () => {
  await using webhooks = createWebhookRecorder()
  await using server = await listen(webhooks.handle)

  expect(await server.post(deliver(numbered(0), { key: 'another' }))).toMatchObject({ status: 401 })
  expect(webhooks.log).toEqual([])
})

test('a GET is answered with 405', async () => {
  await using webhooks = createWebhookRecorder()
  await using server = await listen(webhooks.handle)

  const response = await fetch(`http://127.0.0.1:${server.port}/`)
  expect([response.status, response.headers.get('allow'), await response.json()]).toEqual([
    405,
    'POST',
    { outcome: 'refused', message: 'A webhook is a POST' },
  ])
})

test('a body that is too long is answered with 413 before its end, and the connection closed', async () => {
  await using webhooks = createWebhookRecorder({ maxBodyBytes: 10 })
  await using server = await listen(webhooks.handle)

  const socket = connect(server.port, '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n12345678901')
  const answer = await text(socket)

  expect(answer.split('\r\n')[0]).toBe('HTTP/1.1 413 Payload Too Large')
  expect(answer.toLowerCase()).toContain('connection: close')
  expect(webhooks.refusals).toMatchObject([{ reason: 'too-large' }])
})

test('a sender that goes in the middle of the body leaves nothing behind', async () => {
  await using webhooks = createWebhookRecorder()
  const handled: Promise<void>[] = []
  await using server = await listen((request, response) => {
    const running = webhooks.handle(request, response)
    handled.push(running)
    request.once('data', () => socket.destroy())
    return running
  })

  const socket = connect(server.port, '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n12345678901')
  await once(socket, 'close')
  await Promise.all(handled)

  expect([handled.length, webhooks.refusals, webhooks.errors]).toEqual([1, [], []])
})

test('behind middleware that keeps the bytes, as express.raw() does, they are used', async () => {
  await using webhooks = createWebhookRecorder()
  await using server = await listen(async (request, response) => {
    const body = Buffer.from(await text(request))
    await webhooks.handle(Object.assign(request, { body }), response)
  })

  expect(await server.post(deliver(numbered(0)))).toMatchObject({ status: 200 })
  expect(await server.post(deliver(numbered(1), { key: 'another' }))).toMatchObject({ status: 401 })
})

test('behind middleware that keeps the bytes beside the parsed body, they are used', async () => {
  await using webhooks = createWebhookRecorder()
  await using server = await listen(async (request, response) => {
    const rawBody = Buffer.from(await text(request))
    const body: unknown = JSON.parse(rawBody.toString())
    await webhooks.handle(Object.assign(request, { body, rawBody }), response)
  })

  expect(await server.post(deliver(numbered(0)))).toMatchObject({ status: 200 })
})

test('behind middleware that keeps only the parsed body, the answer tells how to mount it', async () => {
  await using webhooks = createWebhookRecorder()
  await using server = await listen(async (request, response) => {
    const body: unknown = JSON.parse(await text(request))
    await webhooks.handle(Object.assign(request, { body }), response)
  })

  expect(await server.post(deliver(numbered(0)))).toEqual({ status: 500, body: bodyGone })
  expect(webhooks.log).toEqual([])
  expect(webhooks.refusals).toMatchObject([{ reason: 'body-gone', status: 500 }])
})

test('middleware that leaves the stream alone does no harm', async () => {
  await using webhooks = createWebhookRecorder()
  await using server = await listen((request, response) =>
    webhooks.handle(Object.assign(request, { body: {} }), response),
  )

  expect(await server.post(deliver(numbered(0)))).toMatchObject({ status: 200 })
})

const toRequest = ({ headers, body }: WebhookDelivery): Request =>
  new Request('https://connector.example/webhooks', {
    method: 'POST',
    headers: headers as Record<string, string>,
    body,
  })

test('a Fetch-style server gets a Response', async () => {
  await using webhooks = createWebhookRecorder()

  const response = await webhooks.fetch(toRequest(deliver(numbered(0))))

  expect([response.status, response.headers.get('content-type'), await response.json()]).toEqual([
    200,
    'application/json;charset=utf-8',
    { outcome: 'received' },
  ])
  await webhooks.idle()
  expect(webhooks.log).toEqual(['0'])
})

test('a Fetch-style server refuses what is unsigned, too long, empty, read already or no POST', async () => {
  await using webhooks = createWebhookRecorder({ maxBodyBytes: 1000 })
  const used = toRequest(deliver(numbered(0)))
  await used.text()
  const long = Buffer.alloc(1001, ' ')

  const responses = await Promise.all(
    [
      toRequest(deliver(numbered(0), { key: 'another' })),
      toRequest({ headers: headersOf(long), body: long }),
      new Request('https://connector.example/', { method: 'POST', headers: headersOf('') }),
      used,
      new Request('https://connector.example/'),
    ].map(request => webhooks.fetch(request)),
  )

  expect(responses.map(({ status }) => status)).toEqual([401, 413, 400, 500, 405])
  expect(await responses[3]?.json()).toEqual(bodyGone)
  expect(webhooks.log).toEqual([])
})

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { createWebhookHandler } from '../../../src/index.ts'
import { deliver, headersOf, numbered } from '../../webhooks/deliveries.ts'
import { createManualSchedule } from '../../webhooks/manual-schedule.ts'

const body = Buffer.from(JSON.stringify(numbered(0)))

/** The rejections of the process that nothing handled, while a test runs. */
function watchRejections(): unknown[] {
  const rejections: unknown[] = []
  const note = (error: unknown): void => void rejections.push(error)
  process.on('unhandledRejection', note)
  onTestFinished(() => void process.off('unhandledRejection', note))
  return rejections
}

/** Rejections without a handler are emitted after the microtasks of a turn. */
const nextTurn = (): Promise<void> => new Promise(done => void setImmediate(done))

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
  'a look-up in an object that is asked for %s is passed to onError, and answered with 500',
  async accountId => {
    const secrets: Record<string, string> = { '4711': 'secret' }
    const errors: unknown[] = []
    await using webhooks = createWebhookHandler({
      clientSecret: install => secrets[install.accountId],
      on: {},
      onError: error => errors.push(error),
    })
    const { status } = await webhooks.receive({ headers: headersOf(body, { accountId }), body })
    expect(status).toBe(500)
    expect(errors).toEqual([expect.any(TypeError)])
    expect(String(errors[0])).toContain('must give a text')
  },
)

test('a look-up that never settles is answered with 500 after handlerTimeoutMs', async () => {
  const { schedule, advance } = createManualSchedule()
  const errors: unknown[] = []
  await using webhooks = createWebhookHandler({
    clientSecret: () => new Promise<string>(() => {}),
    on: {},
    onError: error => errors.push(error),
    handlerTimeoutMs: 2000,
    schedule,
  })
  const response = webhooks.receive(deliver(numbered(0)))
  await nextTurn()
  advance(2000)
  expect((await response).status).toBe(500)
  expect(errors.map(String)).toEqual(['Error: clientSecret gave no secret within 2000 ms'])
})

type Callback = () => unknown

const throwing = (error: unknown): never => {
  throw error
}

/** The property that makes an object a thenable. */
const thenName = ['th', 'en'].join('')

/** Returns, resolves with, throws, rejects with a value, or returns an object that throws it as it is awaited. */
const ends: readonly ((value: unknown) => unknown)[] = [
  value => value,
  async value => value,
  throwing,
  async value => throwing(value),
  value => Object.fromEntries([[thenName, () => throwing(value)]]),
]

const anyCallback: fc.Arbitrary<Callback> = fc.tuple(fc.anything(), fc.constantFrom(...ends)).map(
  ([value, end]) =>
    () =>
      end(value),
)

const nameOrProperty = fc.oneof(
  fc.string(),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'x-liveperson-account-id'),
)

test('whatever callbacks do and headers say, a delivery gets a response and no rejection is unhandled', async () => {
  const rejections = watchRejections()
  const signed = headersOf(body)
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        clientSecret: fc.oneof(
          fc.constant<Callback>(() => 'the-secret'),
          anyCallback,
        ),
        onError: anyCallback,
        onRefused: anyCallback,
        onUnknown: anyCallback,
        log: anyCallback,
        handler: anyCallback,
      }),
      fc.dictionary(nameOrProperty, fc.oneof(fc.string(), fc.array(fc.string()))),
      fc.subarray(Object.keys(signed)),
      fc.constantFrom(body, Buffer.from('{'), Buffer.from(JSON.stringify(numbered(1))), undefined),
      async ({ handler, clientSecret, ...callbacks }, headers, given, sent) => {
        await using webhooks = createWebhookHandler({
          ...callbacks,
          clientSecret: clientSecret as () => string,
          acknowledge: 'handled',
          reorderWithinMs: 0,
          on: { ContentEvent: handler },
        })
        const own = Object.fromEntries(given.map(name => [name, signed[name]]))
        const { status } = await webhooks.receive({
          headers: { ...headers, ...own },
          // A caller in JavaScript may forget the body.
          body: sent as Buffer,
        })
        expect([200, 401, 500]).toContain(status)
      },
    ),
    { numRuns: 500 },
  )
  await nextTurn()
  expect(rejections).toEqual([])
})

test('a listener whose response was sent already tells onError, and does not reject', async () => {
  const errors: unknown[] = []
  await using webhooks = createWebhookHandler({
    clientSecret: 'the-secret',
    on: {},
    onError: error => errors.push(error),
  })
  let handled: Promise<void> | undefined
  const server = createServer((request, response) => {
    response.end('too early')
    handled = webhooks.handle(request, response)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise(listening => server.once('listening', listening))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await fetch(url, { method: 'POST', body, headers: headersOf(body) })
  await handled
  expect(errors).toMatchObject([{ code: 'ERR_HTTP_HEADERS_SENT' }])
})

test('a request of a Fetch-style server that is cut off gets a response, and tells onError', async () => {
  const errors: unknown[] = []
  await using webhooks = createWebhookHandler({
    clientSecret: 'the-secret',
    on: {},
    onError: error => errors.push(error),
  })
  const cutOff = new ReadableStream({ pull: stream => stream.error(new Error('cut off')) })
  const request = new Request('https://connector.example/webhooks', {
    method: 'POST',
    body: cutOff,
    duplex: 'half',
  })
  expect((await webhooks.fetch(request)).status).toBe(500)
  expect(errors.map(String)).toEqual(['Error: cut off'])
})

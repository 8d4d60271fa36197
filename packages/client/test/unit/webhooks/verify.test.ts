import { createHmac } from 'node:crypto'
import { inspect } from 'node:util'
import { fixtures } from '@sendbox/schema/fixtures'
import { expect, test } from 'vitest'
import type { WebhookDelivery } from '../../../src/index.ts'
import {
  changed,
  chatState,
  deliver,
  headersOf,
  install,
  numbered,
  secret,
} from '../../webhooks/deliveries.ts'
import { createWebhookRecorder, type WebhookRecorder } from '../../webhooks/recorder.ts'

const unauthorized =
  'x-liveperson-account-id, x-liveperson-client-id and x-liveperson-signature do not fit the body: check clientSecret, and that the bytes come unchanged'

const outcomeOf = async (
  webhooks: WebhookRecorder,
  delivery: WebhookDelivery,
): Promise<{ status: number; body: unknown }> => {
  const { status, body } = await webhooks.receive(delivery)
  await webhooks.idle()
  return { status, body: JSON.parse(body) }
}

const without = (delivery: WebhookDelivery, name: string): WebhookDelivery => ({
  ...delivery,
  headers: { ...delivery.headers, [name]: undefined },
})

const good = deliver(numbered(0))

const digestOf = (algorithm: string, encoding: 'base64' | 'hex'): string =>
  createHmac(algorithm, secret).update(good.body).digest(encoding)

test.each([
  ['sha1', digestOf('sha1', 'base64')],
  ['sha1', digestOf('sha1', 'hex')],
  ['sha1', digestOf('sha1', 'hex').toUpperCase()],
  ['sha256', digestOf('sha256', 'base64')],
  ['sha256', digestOf('sha256', 'hex')],
  ['sha256', digestOf('sha256', 'hex').toUpperCase()],
])('a signature by %s in either encoding is accepted: %s (WH-3)', async (algorithm, digest) => {
  await using webhooks = createWebhookRecorder()
  const headers = { ...good.headers, 'x-liveperson-signature': `${algorithm}=${digest}` }
  expect(await outcomeOf(webhooks, { ...good, headers })).toMatchObject({ status: 200 })
  expect(webhooks.log).toEqual(['0'])

  const other = `${algorithm}=${digest.replace(/^./, first => (first === 'a' ? 'b' : 'a'))}`
  const forged = { ...good, headers: { ...headers, 'x-liveperson-signature': other } }
  expect(await outcomeOf(webhooks, forged)).toMatchObject({ status: 401 })
  await using narrow = createWebhookRecorder({
    algorithms: [algorithm === 'sha1' ? 'sha256' : 'sha1'],
  })
  expect(await outcomeOf(narrow, { ...good, headers })).toMatchObject({ status: 401 })
})

test.each<[what: string, delivery: WebhookDelivery]>([
  ['another secret', deliver(numbered(0), { key: 'another' })],
  ['another byte', { ...good, body: Buffer.concat([good.body, Buffer.from(' ')]) }],
  ['a hash that is no HMAC of LivePerson', deliver(numbered(0), { algorithm: 'sha512' })],
  ['no signature', without(good, 'x-liveperson-signature')],
  ['no account', without(good, 'x-liveperson-account-id')],
  ['no client', without(good, 'x-liveperson-client-id')],
  [
    'two signatures',
    {
      ...good,
      headers: {
        ...good.headers,
        'x-liveperson-signature': Object.values(good.headers) as string[],
      },
    },
  ],
  ['no signature over a body that is no JSON', { headers: {}, body: Buffer.from('{') }],
])('%s is answered with 401 and nothing runs [WH-3]', async (_what, delivery) => {
  await using webhooks = createWebhookRecorder()

  expect(await outcomeOf(webhooks, delivery)).toEqual({
    status: 401,
    body: { outcome: 'refused', message: unauthorized },
  })
  expect(webhooks.log).toEqual([])
  expect(webhooks.refusals).toMatchObject([
    { reason: 'unauthorized', status: 401, message: unauthorized, problems: [] },
  ])
})

test('header fields are found in whichever case [WH-2]', async () => {
  await using webhooks = createWebhookRecorder()
  const headers = Object.fromEntries(
    Object.entries(good.headers).map(([name, value]) => [name.toUpperCase(), value]),
  )

  expect(await outcomeOf(webhooks, { ...good, headers })).toMatchObject({ status: 200 })
})

test('both hashes are accepted, or only those that are named [WH-3]', async () => {
  const signed = deliver(numbered(0), { algorithm: 'sha256' })
  await using both = createWebhookRecorder()
  await using newer = createWebhookRecorder({ algorithms: ['sha256'] })

  const outcomes = [
    await outcomeOf(both, signed),
    await outcomeOf(newer, signed),
    await outcomeOf(newer, good),
  ]

  expect(outcomes.map(({ status }) => status)).toEqual([200, 200, 401])
})

test('each install has its own secret, and an unknown one is answered as a wrong signature is', async () => {
  await using webhooks = createWebhookRecorder({
    clientSecret: async ({ accountId, clientId }) =>
      accountId === install.accountId && clientId.startsWith('client-')
        ? `secret of ${clientId}`
        : undefined,
  })

  const outcomes = [
    await outcomeOf(webhooks, deliver(numbered(0), { key: 'secret of client-1' })),
    await outcomeOf(webhooks, deliver(numbered(0), { key: 'secret of client-2' })),
    await outcomeOf(webhooks, deliver(numbered(0), { key: '', accountId: '87654321' })),
  ]

  const refused = { status: 401, body: { outcome: 'refused', message: unauthorized } }
  expect(outcomes).toEqual([{ status: 200, body: { outcome: 'received' } }, refused, refused])
  expect(webhooks.refusals.map(({ accountId }) => accountId)).toEqual(['12345678', '87654321'])
})

test('a secret that cannot be looked up is an error of yours, and the delivery may come again', async () => {
  const failure = new Error('the vault is sealed')
  const told: unknown[] = []
  await using webhooks = createWebhookRecorder({
    clientSecret: () => Promise.reject(failure),
    onError: (...parts) => told.push(parts),
  })

  expect(await outcomeOf(webhooks, good)).toEqual({
    status: 500,
    body: { outcome: 'refused', message: 'The secret could not be looked up: see onError' },
  })
  expect(told).toEqual([[failure, install]])
})

test('a signed body that is no JSON is answered with 400 and not quoted', async () => {
  await using webhooks = createWebhookRecorder()

  expect(await outcomeOf(webhooks, deliver('{"kind": secrets of Zoe'))).toEqual({
    status: 400,
    body: { outcome: 'refused', message: 'The body is not JSON' },
  })
})

const invalid =
  '{"kind":"notification","body":{"changes":{}},"type":"ms.MessagingEventNotification"}'
const message = 'The body has no kind, no type or no array body.changes'

test('a signed body without a list of changes is answered with 400 and what is wrong where', async () => {
  await using webhooks = createWebhookRecorder()

  const { status, body } = await outcomeOf(webhooks, deliver(invalid))
  expect(status).toBe(400)
  expect(body).toMatchObject({
    outcome: 'refused',
    message,
    problems: [{ path: '/body/changes', received: '{}', rule: 'WH-4.1' }],
  })
  expect(webhooks.log).toEqual([])
})

test.each(['null', '[]', '{}', '{"kind":"k","type":"t"}', '{"type":"t","body":{"changes":[]}}'])(
  'a signed body that lacks the frame of a notification is refused, and ifInvalid does not change that: %s',
  async text => {
    await using webhooks = createWebhookRecorder({ ifInvalid: 'drop' })
    expect(await outcomeOf(webhooks, deliver(text))).toMatchObject({
      status: 400,
      body: { outcome: 'refused', message },
    })
    expect(webhooks.refusals).toMatchObject([{ ...install, reason: 'invalid', status: 400 }])
    expect(webhooks.refusals[0]?.problems).not.toEqual([])
  },
)

test('fields that are not known pass, and reach the handler', async () => {
  const changes: unknown[] = []
  await using webhooks = createWebhookRecorder({
    on: { ContentEvent: change => changes.push(change) },
  })
  const notification = numbered(0)
  const [change] = notification.body.changes
  const extended = { ...notification, body: { changes: [{ ...change, mood: 'good' }] } }

  expect(await outcomeOf(webhooks, deliver(extended))).toMatchObject({ status: 200 })
  expect(changes).toEqual([{ ...change, mood: 'good' }])
})

test('a body beyond maxBodyBytes is answered with 413, one at the limit is taken', async () => {
  const maxBodyBytes = good.body.byteLength
  await using webhooks = createWebhookRecorder({ maxBodyBytes })
  const body = Buffer.concat([good.body, Buffer.from(' ')])

  expect(await outcomeOf(webhooks, { headers: headersOf(body), body })).toEqual({
    status: 413,
    body: { outcome: 'refused', message: 'The body is longer than maxBodyBytes' },
  })
  expect(await outcomeOf(webhooks, good)).toMatchObject({ status: 200 })
})

test('a body of over 50,000 JSON values is answered with 413, and no handler runs', async () => {
  await using webhooks = createWebhookRecorder()
  const many = `{"kind":"k","type":"t","body":{"changes":[[${Array(50_000).fill(1).join()}]]}}`

  expect(await outcomeOf(webhooks, deliver(many))).toEqual({
    status: 413,
    body: { outcome: 'refused', message: 'The body has over 50,000 JSON values' },
  })
  expect(webhooks.log).toEqual([])
  expect(webhooks.refusals).toMatchObject([{ reason: 'too-many-values' }])
})

test('a method other than POST is answered with 405 and which one is allowed [WH-2]', async () => {
  await using webhooks = createWebhookRecorder()

  expect(await webhooks.receive({ ...good, method: 'GET' })).toEqual({
    status: 405,
    headers: { 'content-type': 'application/json;charset=utf-8', allow: 'POST' },
    body: '{"outcome":"refused","message":"A webhook is a POST"}',
  })
})

test('a callback that throws is told of, and changes no answer', async () => {
  const failure = new Error('the log is full')
  await using webhooks = createWebhookRecorder({
    onRefused: () => {
      throw failure
    },
  })

  expect(await outcomeOf(webhooks, deliver(numbered(0), { key: 'another' }))).toMatchObject({
    status: 401,
  })
  expect(webhooks.errors).toEqual([failure])
})

test('no refusal shows the secret or a signature', async () => {
  await using webhooks = createWebhookRecorder()
  const wrong = deliver(numbered(0), { key: 'another' })

  const shown = [
    inspect(await webhooks.receive(wrong)),
    inspect(await webhooks.receive(deliver(invalid))),
    inspect(webhooks.refusals),
    inspect(webhooks),
  ].join()

  expect(shown).toContain(message)
  expect(shown).not.toContain(secret)
  expect(shown).not.toContain('sha1=')
})

test('a replayed event that is older than maxAgeMs is acknowledged and dropped, one without a time is not [WH-4]', async () => {
  const hour = 3_600_000
  const time = 1_700_000_000_000
  const old = time - hour - 1
  const closed = changed({ ...fixtures.ConversationDetails.fullest(), state: 'CLOSE' })
  await using webhooks = createWebhookRecorder({ maxAgeMs: hour, now: () => time })
  await using unlimited = createWebhookRecorder()

  const outcomes = []
  for (const notification of [
    numbered(0, { serverTimestamp: old }),
    numbered(1, { serverTimestamp: old + 1 }),
    { ...closed, body: { ...closed.body, sentTs: old } },
    chatState('COMPOSING'),
  ]) {
    outcomes.push((await webhooks.receive(deliver(notification))).status)
    await unlimited.receive(deliver(notification))
  }
  await webhooks.close()
  await unlimited.close()

  expect(outcomes).toEqual([200, 200, 200, 200])
  expect(webhooks.log).toEqual(['1', 'COMPOSING'])
  expect(webhooks.refusals.map(({ reason, accountId }) => [reason, accountId])).toEqual([
    ['too-old', '12345678'],
    ['too-old', '12345678'],
  ])
  expect(unlimited.log).toEqual(['0', '1', 'CLOSE', 'COMPOSING'])
})

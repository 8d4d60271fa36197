import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import type { SettingsInput } from '../../../src/index.ts'
import {
  changeType,
  contentType,
  startWebhookReceiver,
  type WebhookReceiver,
  webhooksAt,
} from '../../webhook-receiver.ts'
import { startConsumerSession, text } from '../consumer-session.ts'

/** A frozen account with one open conversation, and a webhook receiver. */
async function startConnected(settings: SettingsInput = {}) {
  const session = await startConsumerSession({ settings, now: () => 0 })
  const receiver = await startWebhookReceiver()
  const account = session.server.account()
  const { webhooks, clock, conversations } = account
  clock.freeze()
  return {
    session,
    receiver,
    account,
    webhooks,
    clock,
    conversations,
    say: (message: string) => session.publish(text(message)),
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]()
      await receiver.close()
    },
  }
}

const onlyContent = [contentType] as const

/** The time and outcome of each attempt. */
const attemptsOf = (
  deliveries: readonly { readonly attempts: readonly { at: number; outcome: unknown }[] }[],
): unknown[][] => deliveries.map(({ attempts }) => attempts.map(({ at, outcome }) => [at, outcome]))

test('shows a delivery with its bytes and its attempt, and no secret', async () => {
  await using world = await startConnected()
  const { receiver, webhooks, say, session } = world
  const endpoint = receiver.url.replace('://', '://me:hush@')
  const headers = [{ header_name: 'X-Own', header_value: 'whisper' }]
  webhooks.register({ [contentType]: { endpoint: `${endpoint}/in?a=1`, headers } })
  await say('hi')
  const [delivery] = await webhooks.waitFor({ match: { eventType: contentType } })
  const { body = '', headers: sent } = receiver.posts[0] ?? {}
  const signature = sent?.['x-liveperson-signature']
  expect(delivery).toEqual({
    deliveryId: 'delivery-1',
    createdAt: 0,
    conversationId: session.conversationId,
    eventType: contentType,
    clientId: 'sendbox-client',
    endpoint: `${receiver.url.replace('://', '://<redacted>@')}/in?a=1`,
    state: 'delivered',
    attempts: [
      {
        attempt: 1,
        at: 0,
        outcome: 200,
        durationMs: expect.any(Number),
        headers: {
          authorization: '<redacted>',
          'content-type': 'application/json',
          'x-liveperson-account-id': '12345678',
          'x-liveperson-client-id': 'sendbox-client',
          'x-liveperson-signature': signature,
          'x-own': '<redacted>',
        },
        response: { status: 200, body: '', truncated: false },
      },
    ],
    signature: {
      algorithm: 'sha1',
      encoding: 'base64',
      bodyBytes: Buffer.byteLength(body),
      sent: signature,
      expected: signature,
    },
    body,
  })
  expect(receiver.posts[0]).toMatchObject({
    path: '/in?a=1',
    headers: {
      'x-own': 'whisper',
      authorization: `Basic ${Buffer.from('me:hush').toString('base64')}`,
    },
  })
  const shown = [
    JSON.stringify([webhooks.list(), webhooks.installs()]),
    await (await fetch(`${session.server.url}/__sendbox/accounts/12345678/webhooks`)).text(),
    await (await fetch(`${session.server.url}/__sendbox/accounts/12345678/app-install`)).text(),
  ].join('\n')
  for (const secret of ['hush', 'whisper', 'sendbox-secret']) expect(shown).not.toContain(secret)
})

test('tells each install that registers a type, by its own name and secret, and no other', async () => {
  await using receiver = await startWebhookReceiver()
  const webhooks = (types: readonly (typeof contentType | typeof changeType)[]) => ({
    capabilities: { webhooks: webhooksAt(receiver.url, { types }) },
  })
  await using session = await startConsumerSession({
    accounts: {
      '12345678': {
        installs: [
          { clientId: 'one', ...webhooks([contentType]) },
          { clientId: 'two', clientSecret: 'hush', ...webhooks([contentType, changeType]) },
          { clientId: 'three' },
        ],
      },
    },
  })
  await session.publish(text('hi'))
  await session.server.account().webhooks.idle()
  const told = receiver.posts.map(({ headers, body }) => [
    headers['x-liveperson-client-id'],
    (JSON.parse(body) as { type: string }).type,
  ])
  expect(told.toSorted()).toEqual([
    ['one', 'ms.MessagingEventNotification'],
    ['two', 'cqm.ExConversationChangeNotification'],
    ['two', 'ms.MessagingEventNotification'],
  ])
  const signatures = new Set(receiver.posts.map(({ headers }) => headers['x-liveperson-signature']))
  expect(signatures.size).toBe(3)
})

test.each([
  [undefined, 1, 'failed'],
  [0, 1, 'failed'],
  [1, 2, 'failed'],
  [5, 6, 'failed'],
])(
  'tries a failing delivery with max_retries %s %s times in all, 30 seconds apart',
  async (maxRetries, tries, state) => {
    await using world = await startConnected()
    const { receiver, webhooks, clock, say } = world
    receiver.answer = 500
    webhooks.register(
      webhooksAt(receiver.url, {
        types: onlyContent,
        ...(maxRetries !== undefined && { maxRetries }),
      }),
    )
    await say('hi')
    await clock.advance(10 * 60_000)
    expect(attemptsOf(webhooks.list())).toEqual([
      Array.from({ length: tries }, (_, index) => [index * 30_000, 500]),
    ])
    expect(webhooks.list({ state: 'failed' })).toMatchObject([{ state }])
    expect(receiver.posts).toHaveLength(tries)
  },
)

test('tries no more once it is taken, and lets later events overtake', async () => {
  await using world = await startConnected()
  const { receiver, webhooks, clock, say } = world
  receiver.answer = ({ body }) => (body.includes('first') && receiver.posts.length < 3 ? 503 : 201)
  webhooks.register(webhooksAt(receiver.url, { types: onlyContent, maxRetries: 5 }))
  await say('first')
  await say('second')
  await clock.advance(60_000)
  expect(receiver.messages).toEqual(['first', 'second', 'first'])
  expect(attemptsOf(webhooks.list({ state: 'delivered' }))).toEqual([
    [
      [0, 503],
      [30_000, 201],
    ],
    [[0, 201]],
  ])
})

test.each([202, 204, 301, 404, 500])('takes status %s for a failure', async status => {
  await using world = await startConnected()
  world.receiver.answer = status
  world.webhooks.register(webhooksAt(world.receiver.url, { types: onlyContent }))
  await world.say('hi')
  expect(await world.webhooks.waitFor({ match: { state: 'failed' } })).toMatchObject([
    { attempts: [{ outcome: status }] },
  ])
})

test('names a refused connection, a time-out and a connection that is cut', async () => {
  await using world = await startConnected({ webhooks: { readTimeoutMs: 20 } })
  const { receiver, webhooks, say } = world
  await using other = await startWebhookReceiver()
  const outcomes: unknown[] = []
  const tell = async (url: string) => {
    webhooks.register(webhooksAt(url, { types: onlyContent }))
    await say('hi')
    await webhooks.idle()
    outcomes.push(webhooks.list().at(-1)?.attempts[0]?.outcome)
  }
  receiver.answer = 'hang'
  await tell(receiver.url)
  other.answer = async () => {
    await other.close()
    return 500
  }
  await tell(other.url)
  await tell(other.url)
  expect(outcomes).toEqual(['timeout', 'reset', 'refused'])
})

/** An endpoint that sends the first bytes of a response immediately, and then others of it, one by one, without an end. */
async function startDrip(first: string) {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {}).write(first)
    const timer = setInterval(() => socket.write('x'), 5)
    socket.once('close', () => {
      clearInterval(timer)
      sockets.delete(socket)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => sockets.size,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Delivers a text to an endpoint, and waits until its attempt ended. */
async function deliverTo(
  drip: { readonly url: string },
  { webhooks, say }: Pick<Awaited<ReturnType<typeof startConnected>>, 'webhooks' | 'say'>,
): Promise<unknown[][]> {
  webhooks.register(webhooksAt(drip.url, { types: onlyContent }))
  await say('hi')
  await webhooks.idle()
  return attemptsOf(webhooks.list())
}

const success = 'HTTP/1.1 200 OK\r\n\r\n'

test('an attempt ends with the status line, whenever the body ends', async () => {
  await using world = await startConnected({ webhooks: { readTimeoutMs: 120_000 } })
  await using drip = await startDrip(success)
  expect(await deliverTo(drip, world)).toEqual([[[0, 200]]])
  expect(drip.connections()).toBe(1)
})

test('the connection of a body that continues is cut', async () => {
  await using world = await startConnected({ webhooks: { readTimeoutMs: 100 } })
  await using drip = await startDrip(success)
  expect(await deliverTo(drip, world)).toEqual([[[0, 200]]])
  await expect.poll(drip.connections, { timeout: 10_000 }).toBe(0)
})

test('an attempt ends although its endpoint drips a header', async () => {
  await using world = await startConnected({ webhooks: { readTimeoutMs: 100 } })
  await using drip = await startDrip('HTTP/1.1 200 OK\r\nX-Long: ')
  expect(await deliverTo(drip, world)).toEqual([[[0, 'timeout']]])
})

/** Delays a receiver's response to a message until the test releases it. */
function gate(receiver: WebhookReceiver, message: string): () => void {
  let open = (): void => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  receiver.answer = async ({ body }) => {
    if (body.includes(message)) await opened
    return 200
  }
  return () => open()
}

test('sends first attempts of one conversation in order, and lets others pass meanwhile', async () => {
  await using world = await startConnected()
  const { receiver, webhooks, conversations, account, say } = world
  webhooks.register(webhooksAt(receiver.url, { types: onlyContent }))
  const open = gate(receiver, 'slow')
  const { conversationId } = await conversations.open('consumer-2')
  await say('slow')
  await say('after it')
  await account.agent(conversationId).say('elsewhere')
  await webhooks.waitFor({ match: { conversationId } })
  expect(receiver.messages.toSorted()).toEqual(['elsewhere', 'slow'])
  open()
  await webhooks.idle()
  expect(receiver.messages.at(-1)).toBe('after it')
})

test('shows no password of an endpoint while its first attempt is queued', async () => {
  await using world = await startConnected()
  const { receiver, webhooks, say } = world
  const withPassword = receiver.url.replace('://', '://me:hush@')
  webhooks.register(webhooksAt(withPassword, { types: onlyContent }))
  const open = gate(receiver, 'slow')
  await say('slow')
  await say('after it')
  const endpoint = withPassword.replace('me:hush', '<redacted>')
  expect(webhooks.list()).toMatchObject([
    { endpoint },
    { endpoint, state: 'pending', attempts: [] },
  ])
  open()
  await webhooks.idle()
})

test('answers SEND while the endpoint is silent, and stops at once when the mock does', async () => {
  const session = await startConsumerSession()
  await using receiver = await startWebhookReceiver()
  receiver.answer = 'hang'
  const { webhooks } = session.server.account()
  webhooks.register(webhooksAt(receiver.url, { maxRetries: 5 }))
  const answers = await Promise.all(['a', 'b', 'c'].map(message => session.publish(text(message))))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  const waiting = webhooks.waitFor({ timeoutMs: 60_000 })
  await Promise.all([expect(waiting).rejects.toThrow('found 0'), session.server.close()])
  expect(webhooks.list().map(({ state }) => state)).toEqual(['pending', 'pending', 'pending'])
})

test('keeps the newest deliveries, and counts the others', async () => {
  await using world = await startConnected({ webhooks: { deliveries: 2 } })
  const { webhooks, receiver, say, session } = world
  webhooks.register(webhooksAt(receiver.url, { types: onlyContent }))
  for (const message of ['a', 'b', 'c']) await say(message)
  await webhooks.idle()
  expect(webhooks.list().map(({ deliveryId }) => deliveryId)).toEqual(['delivery-2', 'delivery-3'])
  expect([webhooks.dropped, receiver.messages]).toEqual([1, ['a', 'b', 'c']])
  await session.server.reset()
  expect([webhooks.list(), webhooks.dropped]).toEqual([[], 0])
})

test('acts by a new manifest at once, also for what waits for its repeat', async () => {
  await using world = await startConnected()
  const { webhooks, receiver, clock, say } = world
  await using other = await startWebhookReceiver()
  receiver.answer = 500
  webhooks.register(webhooksAt(receiver.url, { types: onlyContent, maxRetries: 1 }))
  await say('hi')
  await webhooks.idle()
  webhooks.register(webhooksAt(other.url, { types: onlyContent, maxRetries: 1 }))
  await clock.advance(30_000)
  expect([receiver.messages, other.messages]).toEqual([['hi'], ['hi']])
  expect(webhooks.list()).toMatchObject([{ state: 'delivered', endpoint: other.url }])
  other.answer = 500
  await say('again')
  await webhooks.idle()
  webhooks.register({})
  await clock.advance(30_000)
  expect(webhooks.list()).toMatchObject([{}, { state: 'dropped', attempts: [{ outcome: 500 }] }])
})

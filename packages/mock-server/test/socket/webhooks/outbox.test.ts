import { cp } from 'node:fs/promises'
import { expect, test, vi } from 'vitest'
import { type MockAccount, type MockServer, startMockServer } from '../../../src/index.ts'
import { createDataFolder } from '../../data-folder.ts'
import {
  contentType,
  startWebhookReceiver,
  type WebhookReceiver,
  webhooksAt,
} from '../../webhook-receiver.ts'

type Policy = { readonly maxRetries?: number; readonly retentionTime?: number }

const policies: readonly (readonly [string, Policy])[] = [
  ['max_retries', { maxRetries: 3 }],
  ['retention_time', { retentionTime: 3600 }],
]

/** A mock with a data folder, an open conversation, and an app whose webhook is the receiver. */
async function startWorld(receiver: WebhookReceiver, policy: Policy) {
  const data = await createDataFolder()
  const server = await startMockServer({ data })
  const account = server.account()
  account.clock.freeze()
  account.webhooks.register(webhooksAt(receiver.url, { types: [contentType], ...policy }))
  await account.conversations.open('zoe', 'talk')
  const say = (text: string) => account.agent('talk').say(text)
  await account.agent('talk').join()
  // The receiver first, as a stop waits for its answers.
  const end = async (): Promise<void> => {
    await receiver.close()
    await server.close()
  }
  return { data, server, account, say, [Symbol.asyncDispose]: end }
}

/** Starts a mock on a copy of a folder that is in use: the folder is as a kill would leave it now. */
async function startAfterKill(data: string): Promise<MockServer> {
  const copy = await createDataFolder()
  await cp(data, copy, { recursive: true })
  return startMockServer({ data: copy })
}

const statesOf = (account: MockAccount): string[] =>
  account.webhooks.list().map(({ state }) => state)

const texts = Array.from({ length: 12 }, (_, index) => `text ${index}`)

test.each(policies)('a clean stop delivers what is queued, with %s', async (_, policy) => {
  await using receiver = await startWebhookReceiver()
  await using world = await startWorld(receiver, policy)
  let isSlow = true
  receiver.answer = async () => {
    if (isSlow) await new Promise(resolve => setTimeout(resolve, 20))
    return 200
  }
  for (const text of texts) await world.say(text)
  await world.server.close()
  expect(receiver.messages).toEqual(texts)
  isSlow = false
  await using again = await startMockServer({ data: world.data })
  await again.account().webhooks.idle()
  expect(receiver.messages).toEqual(texts)
})

test.each(policies)(
  'what is queued, or on its way, when the mock is killed is delivered after a restart, in order, with %s',
  async (_, policy) => {
    await using receiver = await startWebhookReceiver()
    await using world = await startWorld(receiver, policy)
    receiver.answer = 'hang'
    for (const text of texts) await world.say(text)
    await vi.waitFor(() => expect(receiver.messages).toEqual(['text 0']))
    receiver.answer = 200
    await using again = await startAfterKill(world.data)
    await again.account().webhooks.idle()
    expect(receiver.messages).toEqual(['text 0', ...texts])
    expect(statesOf(again.account())).toEqual(texts.map(() => 'delivered'))
  },
)

test('a repeat that waits for its time survives a kill, with the attempts before it [WH-10]', async () => {
  await using receiver = await startWebhookReceiver()
  await using world = await startWorld(receiver, { maxRetries: 2 })
  receiver.answer = 500
  await world.say('again')
  await world.account.webhooks.idle()
  // This call responds once what it shows is on disk.
  await fetch(`${world.server.url}/__sendbox/accounts/${world.account.accountId}/webhooks`)
  await using again = await startAfterKill(world.data)
  const account = again.account()
  await account.clock.advance(29_999)
  expect(receiver.messages).toEqual(['again'])
  await account.clock.advance(1)
  expect(receiver.messages).toEqual(['again', 'again'])
  await account.clock.advance(60_000)
  expect(receiver.messages).toEqual(['again', 'again', 'again'])
  expect(account.webhooks.list()).toMatchObject([
    { state: 'failed', attempts: [{ outcome: 500 }, { outcome: 500 }, { outcome: 500 }] },
  ])
})

test('what a clean stop cannot deliver within its time is kept, and delivered after a restart', async () => {
  await using receiver = await startWebhookReceiver()
  const { data, server, say } = await startWorld(receiver, { maxRetries: 1 })
  receiver.answer = 'hang'
  for (const text of ['a', 'b']) await say(text)
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort())
  await server.close()
  timeout.mockRestore()
  receiver.answer = 200
  await using again = await startMockServer({ data })
  await again.account().webhooks.idle()
  expect(receiver.messages.slice(-2)).toEqual(['a', 'b'])
})

test('a stop that drains ends at its deadline; what it delivered is not sent again, and the rest is', async () => {
  await using receiver = await startWebhookReceiver()
  const { data, server, say } = await startWorld(receiver, { maxRetries: 1 })
  const deadline = new AbortController()
  let accept = () => {}
  const first = new Promise<void>(resolve => {
    accept = resolve
  })
  receiver.answer = async () => {
    if (receiver.messages.length > 1) {
      deadline.abort()
      return 'hang'
    }
    await first
    return 200
  }
  for (const text of ['a', 'b', 'c']) await say(text)
  await vi.waitFor(() => expect(receiver.messages).toEqual(['a']), { timeout: 20_000 })
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(deadline.signal)
  const closed = server.close()
  timeout.mockRestore()
  accept()
  await closed
  expect(receiver.messages).toEqual(['a', 'b'])
  receiver.answer = 200
  await using again = await startMockServer({ data })
  await again.account().webhooks.idle()
  expect(receiver.messages.slice(2)).toEqual(['b', 'c'])
})

test('an account that is reset has no deliveries after a restart', async () => {
  await using receiver = await startWebhookReceiver()
  await using world = await startWorld(receiver, { retentionTime: 3600 })
  receiver.answer = 500
  for (const text of ['a', 'b']) await world.say(text)
  await world.account.webhooks.idle()
  await world.account.reset()
  receiver.answer = 200
  await using again = await startAfterKill(world.data)
  expect(again.account().webhooks.list()).toEqual([])
})

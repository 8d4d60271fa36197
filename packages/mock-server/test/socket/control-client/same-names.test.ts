import { expect, test } from 'vitest'
import { connectMockServer, type RemoteAccount } from '../../../src/control.ts'
import { type MockAccount, type MockServer, startMockServer } from '../../../src/index.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../../webhook-receiver.ts'

type AnyAccount = MockAccount | RemoteAccount

/** The answer of a call, or the message of its error. */
const outcomeOf = async (act: () => unknown): Promise<unknown> => {
  try {
    return await act()
  } catch (error) {
    return error instanceof Error ? error.message : error
  }
}

const contentType = 'ms.MessagingEventNotification.ContentEvent'

/** Calls every member of an account's handle; a test in process and one over HTTP differ in the account only. */
async function useEverything(
  account: AnyAccount,
  { url }: MockServer,
  receiver: WebhookReceiver,
): Promise<unknown[]> {
  const { conversations, clock, faults, requests, settings, webhooks, bot } = account
  const log: unknown[] = [account.accountId, account.clientId, account.clientSecret]
  const record = async (act: () => unknown) => void log.push(await outcomeOf(act))
  await record(() => clock.freeze())
  await record(() => clock.frozen)
  await record(() => clock.next)
  await record(() => clock.advance(60_000))
  await record(() => clock.now())
  await record(() => webhooks.register({ [contentType]: { endpoint: `${receiver.url}/content` } }))
  await record(() => conversations.open('zoe', 'conversation-1'))
  await record(() => conversations.get('nowhere'))
  const agent = account.agent('conversation-1')
  await record(() => agent.join())
  await record(() => agent.say('one', { messageAudience: 'AGENTS_AND_MANAGERS' }))
  await record(() => agent.sendFile({ bytes: Uint8Array.of(0, 128, 255), fileType: 'JPG' }))
  await record(() => agent.type('PAUSE'))
  await record(() => webhooks.idle())
  await record(() => webhooks.waitFor({ count: 2 }).then(found => found.length))
  await record(() => webhooks.waitFor({ state: 'delivered' }).then(found => found.length))
  await record(() => webhooks.waitFor({ match: { state: 'failed' }, timeoutMs: 0 }))
  await record(async () => (await webhooks.list({ state: 'delivered' })).length)
  await record(() => webhooks.installs())
  await record(() => webhooks.dropped)
  await record(async () => {
    const [delivery] = await webhooks.list()
    return (await webhooks.redeliver(delivery?.deliveryId ?? '')).attempts.length
  })
  await record(async () => (await webhooks.test(contentType)).map(({ state }) => state))
  await record(() => webhooks.faults.add({ action: { lose: true } }))
  await record(() => webhooks.faults.list())
  await record(() => webhooks.faults.remove('webhook-fault-1'))
  await record(() => webhooks.faults.remove('webhook-fault-1'))
  await record(() => webhooks.faults.add({ action: { twice: true } }))
  await record(() => webhooks.faults.clear())
  await record(() => webhooks.faults.list())
  await record(() => faults.add({ match: { operation: 'send' }, action: { status: 503 } }))
  await record(() => faults.list())
  await record(() => faults.remove('fault-1'))
  await record(() => faults.remove('fault-1'))
  await record(() => faults.add({ action: { hang: true } }))
  await record(() => faults.clear())
  await record(() => faults.list())
  await record(() => bot.script([{ when: /hello/i, say: 'Hi' }], 'agent-2'))
  await record(() => bot.current)
  await record(() => bot.reset())
  await record(() => bot.current)
  await record(() => settings.change({ survey: true, limits: { textLength: 500 } }))
  await record(() => settings.change({ survey: null }))
  await record(() => settings.current)
  await record(() => account.tokens('zoe', { expiresInMs: 0 }))
  await fetch(`${url}/api/account/same/nowhere`)
  await record(() => requests.verify({ match: { operation: 'send' }, count: 0 }))
  await record(() => requests.verify({ match: { operation: 'send' }, count: 1 }))
  await record(() => requests.waitFor({ match: { operation: 'send' }, timeoutMs: 0 }))
  await record(() => requests.waitFor({ operation: 'send' }, { timeoutMs: 0, count: 2 }))
  await record(() => requests.list({ status: 404 }))
  await record(() => requests.dropped)
  await record(() => requests.resend(99).catch(() => 'rejected'))
  await record(async () => {
    const { operation, status, by } = await requests.resend(1)
    return [operation, status, by]
  })
  await record(() => account.rules())
  await record(() => requests.clear())
  await record(() => requests.list())
  await record(() => agent.close())
  await record(() => agent.say('late'))
  await record(async () => {
    const snapshot = await account.snapshot()
    await account.reset()
    const before = await conversations.list()
    await account.restore(snapshot)
    return [before, await conversations.list(), snapshot]
  })
  await record(async () => {
    const scenario = await account.scenario()
    await account.reset()
    await account.loadScenario(scenario)
    const seeded = await conversations.list()
    return [scenario, seeded.map(({ dialogs }) => dialogs[0]?.transcript)]
  })
  await record(() => clock.resume())
  await record(() => clock.frozen)
  return log
}

const now = () => Date.parse('2026-01-01T00:00:00Z')

async function play(toAccount: (server: MockServer) => AnyAccount): Promise<string> {
  await using receiver = await startWebhookReceiver()
  await using server = await startMockServer({ seed: 'same', now })
  const log = await useEverything(toAccount(server), server, receiver)
  const json = JSON.stringify(log, (_, value: unknown) => value ?? null)
  return json.replaceAll(receiver.url, 'receiver').replaceAll(new URL(server.url).host, 'mock')
}

test('every member of an account answers the same in process and over HTTP', async () => {
  const inProcess = await play(server => server.account('same'))
  const overHttp = await play(({ url }) => connectMockServer(url).account('same'))
  expect(JSON.parse(overHttp)).toEqual(JSON.parse(inProcess))
  expect(inProcess).toContain('Expected exactly 1 request to have operation send; 0 of 1 did')
  expect(inProcess).toContain('cannot say in conversation-1: 40054 Conversation is close')
  expect(inProcess).toContain(Buffer.of(0, 128, 255).toString('base64'))
})

test('a reset of the mock resets all its accounts', async () => {
  await using server = await startMockServer()
  const remote = connectMockServer(`${server.url}/`)
  for (const id of ['a', 'b']) await remote.account(id).conversations.open('zoe')
  expect(remote.url).toBe(server.url)
  await remote.reset()
  expect(await server.account('a').conversations.list()).toEqual([])
  expect(await server.account('b').conversations.list()).toEqual([])
})

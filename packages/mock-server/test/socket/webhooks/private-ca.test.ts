import { expect, test } from 'vitest'
import { startMockServer } from '../../../src/index.ts'
import { createPrivateCa } from '../../certificates.ts'
import { contentType, startWebhookReceiver } from '../../webhook-receiver.ts'

/** The outcome of a notification to an https endpoint, by a mock with this setting `webhooks.ca`. */
async function outcomeOf(ca: string | null, endpoint: string): Promise<unknown> {
  await using server = await startMockServer({ settings: { webhooks: { ca } } })
  const account = server.account()
  account.webhooks.register({ [contentType]: { endpoint, max_retries: 0 } })
  const { conversationId } = await account.conversations.open('zoe')
  await account.agent(conversationId).say('Hello')
  await account.webhooks.idle()
  return account.webhooks.list()[0]?.attempts[0]?.outcome
}

test('an https endpoint with a private CA is reached with the setting alone', async () => {
  const [own, other] = [await createPrivateCa(), await createPrivateCa()]
  await using receiver = await startWebhookReceiver(0, own)
  expect(await outcomeOf(null, receiver.url)).toBe('unreachable')
  expect(await outcomeOf(other.ca, receiver.url)).toBe('unreachable')
  expect(await outcomeOf(own.ca, receiver.url)).toBe(200)
  const both = `# A comment\n${other.ca}${own.ca}`
  expect(await outcomeOf(both, receiver.url.replace('127.0.0.1', 'localhost'))).toBe(200)
  expect(receiver.messages).toEqual(['Hello', 'Hello'])
})

test('a certificate of the CA for another host does not pass', async () => {
  const own = await createPrivateCa('elsewhere.test')
  await using receiver = await startWebhookReceiver(0, own)
  expect(await outcomeOf(own.ca, receiver.url)).toBe('unreachable')
})

test.each([
  ['nothing', ''],
  ['no PEM', 'a certificate'],
  ['a path', '/etc/ssl/ca.pem'],
  ['a damaged certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
  ['half a certificate', '-----BEGIN CERTIFICATE-----\nMIIB'],
])('%s is refused at the start with what is wanted', async (_, ca) => {
  await expect(startMockServer({ settings: { webhooks: { ca } } })).rejects.toThrow(
    'certificates as PEM text, one or more, each of them whole',
  )
})

test('a key beside the certificate is refused: it is no certificate', async () => {
  const { ca, key } = await createPrivateCa()
  await expect(startMockServer({ settings: { webhooks: { ca: ca + key } } })).rejects.toThrow(
    'certificates as PEM text',
  )
})

import { expect, onTestFinished, test } from 'vitest'
import { startMockServer } from '../../../src/index.ts'
import { startWebhookReceiver } from '../../webhook-receiver.ts'

test('the log says what to do about a webhook that is not accepted, once an attempt, and nothing of one that is', async () => {
  const lines: (readonly [object, string])[] = []
  const write = (fields: object, message: string) => void lines.push([fields, message])
  const ignore = () => {}
  const log = { debug: ignore, info: ignore, warn: write, error: write }
  const server = await startMockServer({ log })
  onTestFinished(() => server.close())
  const account = server.account()
  const closed = await startWebhookReceiver()
  await closed.close()
  await using receiver = await startWebhookReceiver()
  const content = 'ms.MessagingEventNotification.ContentEvent'
  const conversation = 'cqm.ExConversationChangeNotification'
  account.webhooks.register({
    [content]: { endpoint: `${closed.url}/path?token=secret`, max_retries: 1 },
    [conversation]: { endpoint: receiver.url },
  })
  receiver.answer = 500
  account.clock.freeze()
  const { conversationId } = await account.conversations.open('zoe')
  const agent = account.agent(conversationId)
  await agent.join()
  await account.webhooks.idle()
  await account.clock.advance(60_000)
  receiver.answer = 200
  await agent.say('hello')
  await account.webhooks.idle()
  await account.clock.advance(60_000)
  await account.webhooks.idle()

  const { accountId } = account
  const refused =
    "a webhook was not accepted: nothing listens there: start the receiver, or correct the app's endpoint"
  const ofContent = lines.filter(([, message]) => message === refused)
  expect(ofContent).toEqual(
    [1, 2].map(attempt => [
      {
        accountId,
        conversationId,
        deliveryId: expect.any(String),
        eventType: content,
        endpoint: closed.url,
        attempt,
      },
      refused,
    ]),
  )
  const answered = 'a webhook was not accepted: it answered 500, and has to answer 200 or 201'
  expect(lines.filter(([, message]) => message === answered)).toMatchObject([
    [{ eventType: conversation, attempt: 1 }, answered],
    [{ eventType: conversation, attempt: 1 }, answered],
  ])
  expect(JSON.stringify(lines)).not.toContain('secret')
})

// An integration test as users write it, which nodes.test.ts copies into a folder of theirs and runs there.
import { createClient } from '@sendbox/client'
import type { MockAccount, MockServer } from '@sendbox/mock-server'
import { test } from '@sendbox/mock-server/vitest'
import { parseSendRequest } from '@sendbox/schema'
import { expect } from 'vitest'

const connect = ({ url }: MockServer, { accountId, clientId, clientSecret }: MockAccount) =>
  createClient({ accountId, clientId, clientSecret, domainApiUrl: url })

test('a text is in the transcript', async ({ mockServer, account }) => {
  await using client = connect(mockServer, account)
  const conversation = await client.consumer('zoe').openConversation()
  expect(await conversation.sendText('Hello')).toEqual({ sequence: 0 })
  const shown = await account.conversations.get(conversation.conversationId)
  expect(shown?.dialogs[0]?.transcript).toMatchObject([{ event: { message: 'Hello' } }])
})

test('a payload is refused with its rule', () => {
  const result = parseSendRequest({ type: 'ms.PublishEvent' })
  expect(result).toMatchObject({ ok: false, problems: [{ rule: 'REQ-2' }, { rule: 'PUB-1.1' }] })
})

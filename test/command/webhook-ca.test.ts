import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectMockServer } from '@sendbox/mock-server/control'
import { expect, test } from 'vitest'
import { createPrivateCa } from '../../packages/mock-server/test/certificates.ts'
import { startWebhookReceiver } from '../../packages/mock-server/test/webhook-receiver.ts'
import { createTemporaryFolder } from '../temporary-folder.ts'
import { npmStartIn, ready, urlIn } from './npm-start.ts'

const contentType = 'ms.MessagingEventNotification.ContentEvent'

test('the setting webhooks.ca is trusted beside the CAs that Node trusts anyway', async () => {
  await using folder = await createTemporaryFolder()
  const [ofSetting, ofNode] = [await createPrivateCa(), await createPrivateCa()]
  const file = join(folder.path, 'ca.pem')
  await writeFile(file, ofNode.ca)
  await using first = await startWebhookReceiver(0, ofSetting)
  await using second = await startWebhookReceiver(0, ofNode)
  const settings = JSON.stringify({ webhooks: { ca: ofSetting.ca } })
  const env = { NODE_EXTRA_CA_CERTS: file }
  await using started = npmStartIn(
    { folder: folder.path, env },
    '--port',
    '0',
    '--settings',
    settings,
  )
  const account = connectMockServer(urlIn(await started.until(ready))).account()
  for (const { url } of [first, second]) {
    await account.webhooks.register({ [contentType]: { endpoint: url } })
    const { conversationId } = await account.conversations.open('zoe')
    await account.agent(conversationId).say('Hello')
    await account.webhooks.idle()
  }
  const outcomes = (await account.webhooks.list()).map(({ attempts }) => attempts[0]?.outcome)
  expect(outcomes).toEqual([200, 200])
})

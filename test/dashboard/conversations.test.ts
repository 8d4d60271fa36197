import { operations, toPath } from '@sendbox/schema'
import { expect } from 'vitest'
import { type Dashboard, placeOf, test, useBrowser } from './browser.ts'

useBrowser()

/** Opens a conversation as a connector does, by a batch; a survey follows its close. */
async function openConversation({ account, server }: Dashboard, consumer: string): Promise<string> {
  account.settings.change({ survey: true })
  const { appJwt, consumerJws } = await account.tokens(consumer)
  const path = toPath(operations.conversation.path, { accountId: account.accountId })
  const response = await fetch(`${server.url}${path}?v=3`, {
    method: 'POST',
    headers: {
      Authorization: appJwt,
      'X-LP-ON-BEHALF': consumerJws,
      'Client-Properties': JSON.stringify({
        type: '.ClientProperties',
        features: ['MULTI_DIALOG'],
      }),
      'Content-Type': 'application/json',
    },
    body: JSON.stringify([
      { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: { firstName: consumer } },
      {
        kind: 'req',
        id: '2',
        type: 'cm.ConsumerRequestConversation',
        body: { brandId: account.accountId, skillId: '12' },
      },
    ]),
  })
  const answers = (await response.json()) as { body: { conversationId?: string } }[]
  const { conversationId } = answers[1]?.body ?? {}
  if (conversationId === undefined) throw new Error(JSON.stringify(answers))
  return conversationId
}

test('a message that comes while the page is open appears without a reload', async ({
  dashboard,
}) => {
  const { account, page, goTo } = dashboard
  await goTo('conversations')
  await page.getByText('No conversation yet').waitFor()
  const conversationId = await openConversation(dashboard, 'zoe')
  await page.getByRole('link', { name: /zoe/ }).click()
  await account.agent(conversationId).say('Hello zoe')
  const messages = page.getByRole('region', { name: 'Messages' })
  await messages.getByText('Hello zoe').waitFor()
  await account.agent(conversationId).type()
  await messages.getByText('agent-1 is typing').waitFor()
})

test('agent and consumer talk by clicks alone, through a survey to the close', async ({
  dashboard,
}) => {
  const { account, page, goTo } = dashboard
  const conversationId = await openConversation(dashboard, 'zoe')
  await goTo(placeOf(conversationId))
  const messages = page.getByRole('region', { name: 'Messages' })
  const say = async (text: string): Promise<void> => {
    await page.getByRole('textbox', { name: /^Say as/ }).fill(text)
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await messages.getByText(text, { exact: true }).waitFor()
  }
  const choose = async (action: string): Promise<void> => {
    await page.getByText('More', { exact: false }).first().click()
    await page.getByRole('button', { name: action }).click()
  }
  await page.getByRole('radio', { name: 'Consumer' }).check()
  await say('Where is my order?')
  await page.getByRole('radio', { name: 'Agent' }).check()
  await say('On its way')
  await page.getByRole('checkbox', { name: 'private note' }).check()
  await say('a patient one')
  await choose('Card…')
  await page.getByRole('button', { name: 'Send', exact: true }).last().click()
  await messages.getByRole('button', { name: 'Yes' }).click()
  await messages.getByText('acted on by zoe').waitFor()
  await choose('Close…')
  await page.getByRole('button', { name: 'Close it' }).click()
  await messages.getByRole('heading', { name: /^Survey OPEN/ }).waitFor()
  await page.getByRole('radio', { name: 'Consumer' }).check()
  await say('It was fine')
  await choose('Rate…')
  await page.getByRole('button', { name: 'Rate' }).click()
  await page.getByText('5 of 5, resolved').waitFor()
  await choose('Close the conversation')
  await expect
    .poll(async () => (await account.conversations.get(conversationId))?.stage)
    .toBe('CLOSE')
  const view = await account.conversations.get(conversationId)
  const said = view?.dialogs.map(({ transcript }) => transcript.map(({ event }) => event.type))
  expect(said).toEqual([
    [
      'ContentEvent',
      'ContentEvent',
      'ContentEvent',
      'RichContentEvent',
      'AcceptStatusEvent',
      'ContentEvent',
    ],
    ['ContentEvent'],
  ])
  const byHand = account.requests.list().filter(({ by }) => by === 'dashboard')
  expect(byHand.length).toBeGreaterThan(4)
})

test('two accounts do not mix', async ({ dashboard }) => {
  const { server, page, goTo } = dashboard
  const other = server.account('87654321')
  await goTo('conversations')
  await other.conversations.open('yan')
  await server.account().conversations.open('zoe')
  await page.getByRole('link', { name: /zoe/ }).waitFor()
  expect(await page.getByText('yan').count()).toBe(0)
  await page.getByLabel('Account id').fill('87654321')
  await page.getByLabel('Account id').press('Enter')
  await page.getByRole('link', { name: /yan/ }).waitFor()
  expect(await page.getByText('zoe').count()).toBe(0)
})

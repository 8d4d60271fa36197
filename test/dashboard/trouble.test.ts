import { operations, toPath } from '@sendbox/schema'
import { expect } from 'vitest'
import { type Dashboard, test, useBrowser } from './browser.ts'

useBrowser()

/** Asks SEND for nothing that it knows, and returns the status. */
async function ask({ account, server }: Dashboard): Promise<number> {
  const path = toPath(operations.send.path, { accountId: account.accountId })
  return (await fetch(`${server.url}${path}?v=3`, { method: 'POST' })).status
}

test('a fault is set, acts, and is gone', async ({ dashboard }) => {
  const { account, page, goTo } = dashboard
  await goTo('trouble')
  await page.getByText('No fault is set', { exact: false }).waitFor()
  await page.getByRole('button', { name: /^429 twice/ }).click()
  const row = page.getByRole('row', { name: /fault-1/ })
  await row.getByText('0 of 0').waitFor()
  expect(await ask(dashboard)).toBe(429)
  await row.getByText('1 of 1').waitFor()
  await page.getByRole('button', { name: 'Remove fault-1' }).click()
  await page.getByText('No fault is set', { exact: false }).waitFor()
  expect(account.faults.list()).toEqual([])
  expect(await ask(dashboard)).toBe(401)
})

test('a fault that is no fault is refused in its dialog, which loses nothing', async ({
  dashboard,
}) => {
  const { page, goTo, account } = dashboard
  await goTo('trouble')
  await page.getByRole('button', { name: 'Another fault of calls…' }).click()
  const field = page.getByLabel('Fault (JSON)')
  await field.fill('{"action":{"loseAnswers":true}}')
  await page.getByRole('button', { name: 'Add' }).click()
  await page.getByRole('alert').getByText('did you mean "loseAnswer"?').waitFor()
  expect(await field.inputValue()).toBe('{"action":{"loseAnswers":true}}')
  await field.fill('{"action":{"loseAnswer":true}}')
  await page.getByRole('button', { name: 'Add' }).click()
  await page.getByRole('row', { name: /fault-1/ }).waitFor()
  expect(account.faults.list()).toHaveLength(1)
})

test('the clock is frozen, advanced to what falls due next, and resumed', async ({ dashboard }) => {
  const { account, page, goTo } = dashboard
  const { conversationId } = await account.conversations.open('zoe')
  await goTo('trouble')
  await page.getByRole('button', { name: 'Freeze' }).click()
  await page.getByRole('button', { name: 'Resume' }).waitFor()
  expect(account.clock.frozen).toBe(true)
  const before = account.clock.now()
  await page.getByRole('button', { name: '+1 h' }).click()
  await expect.poll(() => account.clock.now()).toBe(before + 3_600_000)
  account.bot.script([{ when: { pattern: '.' }, say: 'hello', afterMs: 90_000 }])
  await page.goto(`${dashboard.server.dashboardUrl}#/12345678/conversations/${conversationId}`)
  await page.getByRole('radio', { name: 'Consumer' }).check()
  await page.getByRole('textbox', { name: /^Say as/ }).fill('hi')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByRole('region', { name: 'Messages' }).getByText('hi', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Trouble' }).click()
  await page.getByText('Next, in 1 min: the bot answers', { exact: false }).waitFor()
  await page.getByRole('button', { name: 'To what falls due next' }).click()
  await expect.poll(() => account.clock.now()).toBe(before + 3_690_000)
  const view = await account.conversations.get(conversationId)
  expect(JSON.stringify(view?.dialogs)).toContain('"hello"')
  await page.getByRole('button', { name: 'Resume' }).click()
  await expect.poll(() => account.clock.frozen).toBe(false)
})

test('a setting is changed, with the contradiction that it decides, and restored', async ({
  dashboard,
}) => {
  const { account, page, goTo } = dashboard
  await goTo('trouble')
  await page.getByRole('checkbox', { name: 'survey', exact: true }).check()
  await expect.poll(() => account.settings.current.survey).toBe(true)
  const setting = page.getByRole('listitem').filter({ hasText: 'webhooks.signature' }).first()
  await setting.getByRole('combobox').selectOption('sha256')
  await expect.poll(() => account.settings.current.webhooks.signature).toBe('sha256')
  await setting.getByRole('button', { name: 'Restore the value of the start' }).click()
  await expect.poll(() => account.settings.current.webhooks.signature).toBe('sha1')
  const single = page.getByRole('listitem').filter({ hasText: 'domainApi.single' }).first()
  await single.getByText('The sources differ', { exact: false }).click()
  await single.getByText('Followed by default:', { exact: false }).waitFor()
  await page.getByText('fixed at the start', { exact: false }).first().waitFor()
})

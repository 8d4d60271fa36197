import { startMockServer } from '@sendbox/mock-server'
import { expect } from 'vitest'
import { test, useBrowser } from './browser.ts'

useBrowser()

test('the stream is read again after the mock was restarted', async ({ dashboard: { page } }) => {
  const first = await startMockServer()
  const { port } = new URL(first.url)
  await page.goto(first.dashboardUrl)
  await page.getByRole('status').getByText('live').waitFor()
  await first.close()
  await page.getByRole('status').getByText('connection lost').waitFor()
  await using second = await startMockServer({ port: Number(port) })
  await page.getByRole('status').getByText('live').waitFor()
  await second.account().conversations.open('zoe')
  await page.getByRole('link', { name: /zoe/ }).waitFor()
})

test('the page asks for the control token, which neither the URL nor a storage keeps', async ({
  dashboard: { page },
}) => {
  await using server = await startMockServer({ controlToken: 'hush' })
  await page.goto(server.dashboardUrl)
  await page.getByRole('heading', { name: 'The mock wants its control token' }).waitFor()
  await page.getByLabel('Control token').fill('wrong')
  await page.getByRole('button', { name: 'Unlock' }).click()
  await page.getByRole('alert').getByText('The mock refuses this control token.').waitFor()
  await page.getByLabel('Control token').fill('hush')
  await page.getByRole('button', { name: 'Unlock' }).click()
  await page.getByRole('status').getByText('live').waitFor()
  await page.goto('about:blank')
  await page.goto(`${server.dashboardUrl}#token=hush`)
  await page.getByRole('status').getByText('live').waitFor()
  const kept = await page.evaluate(() => [
    location.href,
    JSON.stringify(localStorage),
    JSON.stringify(sessionStorage),
    document.cookie,
  ])
  expect(kept.join()).not.toContain('hush')
})

test('light and dark are chosen by hand, and stay so after a reload', async ({
  dashboard: { page, goTo },
}) => {
  await goTo('conversations')
  await page.getByRole('button', { name: 'Change to dark' }).click()
  await page.reload()
  await page.getByRole('button', { name: 'Change to light' }).waitFor()
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe(
    'dark',
  )
})

test('the keys lead everywhere, and the palette finds each command', async ({ dashboard }) => {
  const { account, page, goTo } = dashboard
  await account.conversations.open('zoe')
  await account.conversations.open('yan')
  await goTo('rules')
  await page.keyboard.press('1')
  await page.getByRole('link', { name: /yan/ }).waitFor()
  await page.keyboard.press('j')
  await page.getByRole('heading', { name: 'yan' }).waitFor()
  await page.keyboard.press('j')
  await page.getByRole('heading', { name: 'zoe' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'Choose a conversation' }).waitFor()
  await page.keyboard.press('?')
  await page.getByRole('heading', { name: 'Keys' }).waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Command' }).fill('reset')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Reset account 12345678?' }).waitFor()
  await page.getByRole('button', { name: 'Reset', exact: true }).press('Enter')
  await page.getByText('No conversation yet').waitFor()
  expect(await account.conversations.list()).toEqual([])
})

test('a snapshot is saved, and restored after a reset', async ({ dashboard }) => {
  const { account, page, goTo } = dashboard
  await account.conversations.open('zoe')
  await goTo('conversations')
  const manage = async (name: string): Promise<void> => {
    await page.getByText('Manage').click()
    await page.getByRole('button', { name }).click()
  }
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    manage('Save a snapshot of the account'),
  ])
  await account.reset()
  await page.getByText('No conversation yet').waitFor()
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    manage('Restore a snapshot'),
  ])
  await chooser.setFiles(await download.path())
  await page.getByRole('link', { name: /zoe/ }).waitFor()
})

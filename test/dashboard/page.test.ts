import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { startMockServer } from '@sendbox/mock-server'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { type Dashboard, placeOf, test, useBrowser } from './browser.ts'

useBrowser()

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

const rooms = ['conversations', 'calls', 'webhooks', 'trouble', 'verify', 'rules']

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly target: unknown; readonly failureSummary?: string }[]
}

interface Axe {
  run(): Promise<{ readonly violations: readonly Violation[] }>
}

/** Returns what axe finds in the page as it is. */
async function runAxe(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(axePath, 'utf8'))
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: Axe }).axe.run(),
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${JSON.stringify(target)} ${failureSummary}`),
  )
}

/** Gives each room something to show, and returns all places. */
async function fillRooms({ account, server }: Dashboard): Promise<readonly string[]> {
  const { conversationId } = await account.conversations.open('zoe')
  const agent = account.agent(conversationId)
  await agent.say('hello')
  await agent.say('a note', { messageAudience: 'AGENTS_AND_MANAGERS' })
  await agent.sendCard()
  await agent.sendFile()
  account.faults.add({ match: { operation: 'send' }, action: { status: 429 } })
  account.webhooks.register({
    'ms.MessagingEventNotification.ContentEvent': { endpoint: 'http://127.0.0.1:9/' },
  })
  await agent.say('to a webhook')
  await account.webhooks.idle()
  await fetch(`${server.url}/api/nothing`)
  return [...rooms, placeOf(conversationId), 'calls/miss-1', 'webhooks/delivery-1']
}

test('axe finds no violation in any room, light and dark', { timeout: 120_000 }, async ({
  dashboard,
}) => {
  const { page, goTo } = dashboard
  const found: string[] = []
  for (const place of await fillRooms(dashboard)) {
    await goTo(place)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const violations = await runAxe(page)
      found.push(...violations.map(text => `${place}, ${colorScheme}: ${text}`))
    }
  }
  expect(found).toEqual([])
})

test('no room is wider than its window at 360, 768 and 1440 pixels', async ({ dashboard }) => {
  const { account, page, goTo } = dashboard
  const { conversationId } = await account.conversations.open(
    'a-consumer-with-a-very-long-identifier-0123456789',
  )
  await account.agent(conversationId).say('x'.repeat(500))
  const wide: string[] = []
  for (const width of [360, 768, 1440]) {
    await page.setViewportSize({ width, height: 740 })
    for (const place of [...rooms, placeOf(conversationId)]) {
      await goTo(place)
      const scroll = await page.evaluate(() => document.documentElement.scrollWidth)
      if (scroll > width) wide.push(`${place} at ${width}: ${scroll}`)
    }
  }
  expect(wide).toEqual([])
})

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

test('eight tabs are open at a time: hidden ones hold no stream', async ({ dashboard }) => {
  const { context, server, account, page } = dashboard
  for (let index = 0; index < 7; index += 1) {
    const tab = await context.newPage()
    await tab.goto(server.dashboardUrl)
    // Chromium without a window shows every tab: they are hidden by hand, as a browser with a window does.
    await tab.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    })
    await tab.getByRole('status').getByText('paused').waitFor()
  }
  await page.goto(server.dashboardUrl)
  await page.getByRole('status').getByText('live').waitFor()
  await account.conversations.open('zoe')
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

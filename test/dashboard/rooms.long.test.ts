import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
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

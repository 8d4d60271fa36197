import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { type Dashboard, test, useBrowser } from './browser.ts'

useBrowser()

/** More stops than any way through a room has. */
const maxStops = 100

const isFocused = (target: Locator): Promise<boolean> =>
  target.evaluate(element => element === document.activeElement)

/** Whether a reader sees where the focus is. */
const isFocusVisible = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const { activeElement } = document
    if (activeElement === null || activeElement === document.body) return true
    return getComputedStyle(activeElement).outlineStyle !== 'none'
  })

/** Presses Tab until an element has the focus; each stop on the way is visible. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await target.waitFor()
  for (let stops = 0; stops < maxStops; stops += 1) {
    if (await isFocused(target)) return
    await page.keyboard.press(key)
    expect(await isFocusVisible(page)).toBe(true)
  }
  throw new Error(`${maxStops} stops of Tab do not reach ${String(target)}`)
}

/** Reaches a button or link, and presses it. */
async function press(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press(key)
}

/** Opens the menu beside the focus, and chooses an action by the arrows. */
async function choose(page: Page, label: string, action: string): Promise<void> {
  await tabTo(page, page.locator('summary').filter({ hasText: label }))
  await page.keyboard.press('ArrowDown')
  const item = page.getByRole('button', { name: action, exact: true })
  for (let step = 0; step < 20 && !(await isFocused(item)); step += 1)
    await page.keyboard.press('ArrowDown')
  expect(await isFocused(item)).toBe(true)
  await page.keyboard.press('Enter')
}

const button = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('button', { name, exact: typeof name === 'string' })

async function openConversations({ account }: Dashboard): Promise<void> {
  for (const consumer of ['zoe', 'yan', 'max']) await account.conversations.open(consumer)
}

test('a conversation is opened, and both sides speak, by keyboard alone', async ({ dashboard }) => {
  const { page, goTo } = dashboard
  await openConversations(dashboard)
  await goTo('trouble')
  await page.keyboard.press('1')
  await tabTo(page, page.getByRole('link', { name: /^max/ }))
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'zoe' }).waitFor()
  await tabTo(page, page.getByRole('textbox', { name: 'Say as the agent' }))
  await page.keyboard.type('hello')
  await page.keyboard.press('Enter')
  const messages = page.getByRole('region', { name: 'Messages' })
  await messages.getByText('hello', { exact: true }).waitFor()
  await tabTo(page, page.getByRole('radio', { name: 'Agent' }), 'Shift+Tab')
  await page.keyboard.press('ArrowRight')
  await page.getByRole('radio', { name: 'Consumer' }).and(page.locator(':checked')).waitFor()
  await tabTo(page, page.getByRole('textbox', { name: 'Say as zoe' }))
  await page.keyboard.type('good day')
  await press(page, button(page, 'Send'), 'Space')
  await messages.getByText('good day', { exact: true }).waitFor()
})

test('a menu opens a dialog, which gives the focus back; Escape leads back to the row', async ({
  dashboard,
}) => {
  const { page, goTo } = dashboard
  await openConversations(dashboard)
  await goTo('conversations')
  await page.getByRole('link', { name: /^max/ }).waitFor()
  await page.keyboard.press('j')
  await page.getByRole('heading', { name: 'max' }).waitFor()
  await page.keyboard.press('w')
  expect(await isFocused(page.getByRole('textbox', { name: /^Say as/ }))).toBe(true)
  await choose(page, 'More', 'Card…')
  await tabTo(page, button(page, 'Cancel'))
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await isFocused(page.locator('summary').filter({ hasText: 'More' }))).toBe(true)
  await choose(page, 'More', 'Card…')
  await tabTo(page, page.getByLabel('Structured content (JSON)'))
  await page.keyboard.press('Control+Enter')
  await press(page, button(page, 'Yes'))
  await page.getByText('acted on by', { exact: false }).first().waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'Choose a conversation' }).waitFor()
  await expect.poll(() => isFocused(page.getByRole('link', { name: /^max/ }))).toBe(true)
})

test('calls are filtered, opened and copied by keyboard alone, however many there are', async ({
  dashboard,
}) => {
  const { server, page, goTo } = dashboard
  const rowOf = (number: number): Locator =>
    page.locator(`.call-row[href^="#/12345678/calls/miss-${number}?"]`)
  await goTo('calls')
  for (let index = 0; index < 80; index += 1) await fetch(`${server.url}/api/nothing`)
  await page.getByRole('region', { name: '80 calls' }).waitFor()
  await tabTo(page, page.getByRole('searchbox', { name: 'Search' }))
  await page.keyboard.type('api')
  await tabTo(page, page.getByRole('checkbox', { name: 'only problems' }))
  await page.keyboard.press('Space')
  await tabTo(page, rowOf(80))
  for (let index = 0; index < 30; index += 1) await page.keyboard.press('ArrowDown')
  expect(await isFocused(rowOf(50))).toBe(true)
  await page.keyboard.press('Enter')
  const call = page.getByRole('region', { name: 'Call', exact: true })
  await call.getByRole('heading', { name: /404/ }).waitFor()
  await press(page, button(page, 'Copy as curl'))
  await button(page, 'Copied').waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('curl -X GET')
  await page.keyboard.press('Escape')
  await expect.poll(() => isFocused(rowOf(50))).toBe(true)
})

test('a fault is added and removed, the clock moved and a setting changed by keyboard alone', async ({
  dashboard,
}) => {
  const { account, page, goTo } = dashboard
  await goTo('conversations')
  await page.keyboard.press('4')
  await press(page, button(page, 'Freeze'))
  await button(page, 'Resume').waitFor()
  const before = account.clock.now()
  await press(page, button(page, '+1 h'), 'Space')
  await expect.poll(() => account.clock.now()).toBe(before + 3_600_000)
  await press(page, button(page, /^Lose the next answer/))
  await tabTo(page, button(page, 'Remove fault-1'), 'Shift+Tab')
  await page.keyboard.press('Enter')
  await page.getByText('No fault is set', { exact: false }).waitFor()
  expect(await isFocused(page.getByRole('heading', { name: 'Faults' }))).toBe(true)
  const survey = page.getByRole('checkbox', { name: 'survey', exact: true })
  await tabTo(page, survey)
  await page.keyboard.press('Space')
  await expect.poll(() => account.settings.current.survey).toBe(true)
  await press(page, button(page, 'Restore the value of the start'))
  await expect.poll(() => account.settings.current.survey).toBe(false)
  expect(await isFocused(survey)).toBe(true)
})

test('a test notification, a verification, the rules and another account by keyboard alone', async ({
  dashboard,
}) => {
  const { account, server, page, goTo } = dashboard
  account.webhooks.register({
    'ms.MessagingEventNotification.ContentEvent': { endpoint: `${server.url}/nowhere` },
  })
  await server.account('87654321').conversations.open('yan')
  await goTo('conversations')
  await page.keyboard.press('3')
  await press(page, button(page, 'Send a test notification…'))
  await press(page, button(page, 'Send'))
  await page.getByRole('region', { name: 'Delivery', exact: true }).waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('5')
  await tabTo(page, page.getByLabel('Status'))
  await page.keyboard.type('200')
  await page.keyboard.press('Enter')
  await page.getByText('Expected at least 1 request', { exact: false }).waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('6')
  await page.keyboard.press('/')
  await page.keyboard.type('X-LP-ON-BEHALF')
  await expect.poll(() => page.locator('.rule').count()).toBeLessThan(20)
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Command' }).waitFor()
  await page.keyboard.type('another account')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Show another account' }).waitFor()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('87654321')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('1')
  await page.getByRole('link', { name: /^yan/ }).waitFor()
  await tabTo(page, page.getByLabel('Account id'), 'Shift+Tab')
  await page.keyboard.press('Control+a')
  await page.keyboard.type(account.accountId)
  await page.keyboard.press('Enter')
  await page.getByText('No conversation yet').waitFor()
  expect(await isFocused(page.getByLabel('Account id'))).toBe(true)
})

test('where the list gives way to what it opens, the focus follows it', async ({ dashboard }) => {
  const { account, page, goTo } = dashboard
  await page.setViewportSize({ width: 768, height: 740 })
  await account.conversations.open('zoe')
  await goTo('conversations')
  await press(page, page.getByRole('link', { name: /zoe/ }))
  const back = page.getByRole('button', { name: 'Back to the list' })
  await expect.poll(() => isFocused(back)).toBe(true)
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: /zoe/ }).waitFor()
})

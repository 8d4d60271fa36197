// Measures ten tasks of a tester's day in the dashboard: clicks and seconds from the home page. Seconds are those of the script and one for
// each click or key, in which a person finds it.
import { startMockServer } from '@sendbox/mock-server'
import type { Locator, Page } from 'playwright-core'
import { launchChromium } from '../chromium.ts'
import { fillMock, pictureTime } from '../screenshots/fill-mock.ts'

await using server = await startMockServer({ seed: 'tasks', now: () => pictureTime })
await using browser = await launchChromium()
const account = server.account()
const { stop } = await fillMock({ server, account }, Buffer.from(''))
let clicks = 0

const click = async (target: Locator): Promise<void> => {
  clicks += 1
  await target.click()
}

const room = (page: Page, name: string): Promise<void> =>
  click(page.getByRole('link', { name, exact: true }))

const button = (page: Page, name: string | RegExp): Promise<void> =>
  click(page.getByRole('button', { name, exact: typeof name === 'string' }))

const tasks: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'Find why a call was refused': async page => {
    await room(page, 'Calls')
    await click(page.getByRole('link', { name: /400 send/ }))
    await page.locator('.json-line.problem').waitFor()
  },
  'Repeat a refused call in a shell': async page => {
    await room(page, 'Calls')
    await click(page.getByRole('link', { name: /400 send/ }))
    await button(page, 'Copy as curl')
  },
  "See whether the agent's answer reached the hook": async page => {
    await click(page.getByRole('link', { name: /^max/ }))
    await click(page.getByRole('link', { name: 'Its webhooks' }))
    await click(page.getByRole('link', { name: /delivered ContentEvent/ }).first())
    await page.getByText('They are equal.').waitFor()
  },
  'Deliver a failed webhook again': async page => {
    await room(page, 'Webhooks')
    await click(page.getByRole('link', { name: /failed/ }).first())
    await button(page, 'Deliver again')
    await page.getByText('Attempt 2').waitFor()
  },
  'Answer a consumer as the agent': async page => {
    await click(page.getByRole('link', { name: /^max/ }))
    const field = page.getByRole('textbox', { name: /^Say as/ })
    await click(field)
    await field.fill('I look it up')
    await field.press('Enter')
    clicks += 1
    await page.getByRole('region', { name: 'Messages' }).getByText('I look it up').waitFor()
  },
  'Lose the next answer': async page => {
    await room(page, 'Trouble')
    await button(page, /^Lose the next answer/)
    await page.getByRole('row', { name: /fault-3/ }).waitFor()
  },
  'Advance the clock by a day': async page => {
    await room(page, 'Trouble')
    await button(page, '+1 day')
    await page.getByText('6 Jan 2026', { exact: false }).first().waitFor()
  },
  'Let a survey follow each close': async page => {
    await room(page, 'Trouble')
    await click(page.getByRole('checkbox', { name: 'survey', exact: true }))
  },
  'Copy a call as an expectation of a test': async page => {
    await room(page, 'Calls')
    await click(page.getByRole('link', { name: /200 send/ }).first())
    await button(page, 'Copy as verify')
  },
  'Begin from nothing': async page => {
    await click(page.getByText('Manage'))
    await button(page, 'Reset the account')
    await button(page, 'Reset')
    await page.getByText('No conversation yet').waitFor()
  },
}

for (const [name, perform] of Object.entries(tasks)) {
  const context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-write'],
  })
  const page = await context.newPage()
  page.setDefaultTimeout(5000)
  await page.goto(server.dashboardUrl)
  await page.getByRole('link', { name: /^max/ }).waitFor()
  clicks = 0
  const startedAt = performance.now()
  await perform(page)
  const seconds = (performance.now() - startedAt) / 1000 + clicks
  process.stdout.write(`| ${name} | ${clicks} | ${seconds.toFixed(1)} |\n`)
  await context.close()
}
stop()

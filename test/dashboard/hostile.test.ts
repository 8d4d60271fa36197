import { Buffer } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { expect } from 'vitest'
import { type Dashboard, placeOf, test, useBrowser } from './browser.ts'

useBrowser()

/** A script that would show that it ran. */
const attack = "document.title='owned'"

const markup = `<img src=x onerror="${attack}"><script>${attack}</script>`

const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="${attack}"><script>${attack}</script></svg>`

/** 100 kB. */
const longText = 'long '.repeat(20_000)

const hostileTexts = [
  markup,
  longText,
  'x'.repeat(8000),
  'مرحبا بالعالم \u202E reversed',
  '\uD800 a lone surrogate',
  '](javascript:alert(1))',
]

/** Expects that nothing ran, that the page is no wider than its window, and that the agent can still speak. */
async function expectUsable({ page }: Dashboard): Promise<void> {
  const messages = page.getByRole('region', { name: 'Messages' })
  await page.getByRole('textbox', { name: 'Say as the agent' }).fill('still here')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await messages.getByText('still here', { exact: true }).waitFor()
  expect(await page.title()).toContain('Sendbox')
  expect(await page.locator('main :is(script, svg[onload], iframe, object, embed)').count()).toBe(0)
  const { scroll, width } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    width: innerWidth,
  }))
  expect(scroll).toBeLessThanOrEqual(width)
}

test('hostile texts are shown as they are, and do nothing', async ({ dashboard }) => {
  const { account, page, goTo } = dashboard
  const { conversationId } = await account.conversations.open('<b>zoe</b>')
  for (const text of hostileTexts) await account.agent(conversationId).say(text)
  await goTo(placeOf(conversationId))
  const messages = page.getByRole('region', { name: 'Messages' })
  const texts = messages.locator('.text')
  await expect.poll(() => texts.count()).toBe(hostileTexts.length)
  expect(await texts.first().textContent()).toBe(markup)
  expect(await texts.nth(1).textContent()).toBe(longText)
  expect(await messages.locator('img').count()).toBe(0)
  await page.getByRole('heading', { name: '<b>zoe</b>' }).waitFor()
  await expectUsable(dashboard)
})

test('a text that is too long is refused, explained, and left to be shortened', async ({
  dashboard,
}) => {
  const { account, page, goTo } = dashboard
  account.settings.change({ limits: { textLength: 5000 } })
  const { conversationId } = await account.conversations.open('zoe')
  await goTo(placeOf(conversationId))
  await page.getByRole('radio', { name: 'Consumer' }).check()
  const field = page.getByRole('textbox', { name: 'Say as zoe' })
  await field.fill(longText)
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByRole('alert').getByText('/body/event/message').waitFor()
  expect(await field.inputValue()).toBe(longText)
  await page.getByRole('button', { name: 'Close the message' }).click()
  await page.getByRole('link', { name: 'Calls', exact: true }).click()
  await page.getByRole('link', { name: /400 send zoe/ }).click()
  const marked = page.getByRole('region', { name: 'Body of the request' }).locator('.problem')
  await marked.first().getByText('"message"').waitFor()
})

/** Files that are not what their names say, or that are documents. */
const hostileFiles = [
  { fileType: 'SVG', caption: 'logo.svg', content: svg },
  { fileType: 'PNG', caption: 'photo.png', content: `<!doctype html><script>${attack}</script>` },
  { fileType: 'GIF', caption: 'photo.gif', content: svg },
  { fileType: 'HTML', caption: `${markup}.html`, content: `<script>${attack}</script>` },
  { fileType: '../../x', caption: '', content: 'a path for a type' },
]

test('hostile files are shown by their names, as images only if they are, and do nothing', async ({
  dashboard,
}) => {
  const { account, page, goTo } = dashboard
  const { conversationId } = await account.conversations.open('zoe')
  const agent = account.agent(conversationId)
  for (const { content, ...file } of hostileFiles)
    await agent.sendFile({ ...file, bytes: Buffer.from(content) })
  await agent.sendFile({ caption: 'a true image' })
  await goTo(placeOf(conversationId))
  const messages = page.getByRole('region', { name: 'Messages' })
  await messages.getByRole('img', { name: 'a true image' }).waitFor()
  const files = messages.locator('.stored-file')
  expect(await files.count()).toBe(hostileFiles.length + 1)
  await expect.poll(() => messages.getByRole('img').count()).toBe(1)
  await files.nth(3).getByText(`${markup}.html`).waitFor()
  for (const [index, { content }] of hostileFiles.entries()) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      files.nth(index).getByRole('button', { name: 'Download' }).click(),
    ])
    expect(download.suggestedFilename()).not.toMatch(/[/\\]/)
    expect(await readFile(await download.path(), 'utf8')).toBe(content)
  }
  await expectUsable(dashboard)
})

test('a file whose name is markup is sent from the page, and its name is shown as it is', async ({
  dashboard,
}) => {
  const { account, page, goTo } = dashboard
  const { conversationId } = await account.conversations.open('zoe')
  await goTo(placeOf(conversationId))
  const name = `<img src=x onerror="${attack}">.svg`
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'File', exact: true }).click(),
  ])
  await chooser.setFiles({ name, mimeType: 'image/svg+xml', buffer: Buffer.from(svg) })
  const messages = page.getByRole('region', { name: 'Messages' })
  await messages.locator('figcaption').getByText(name).waitFor()
  expect(await messages.getByRole('img').count()).toBe(0)
  await expectUsable(dashboard)
})

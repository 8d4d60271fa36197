import { operations, toPath } from '@sendbox/schema'
import { expect } from 'vitest'
import { type Dashboard, test, useBrowser } from './browser.ts'

useBrowser()

/** Sends a chat state that no service knows. */
async function sendBadState({ account, server }: Dashboard): Promise<void> {
  const { conversationId } = await account.conversations.open('zoe')
  const { appJwt, consumerJws } = await account.tokens('zoe')
  const path = toPath(operations.send.path, { accountId: account.accountId })
  const response = await fetch(`${server.url}${path}?v=3`, {
    method: 'POST',
    headers: {
      Authorization: appJwt,
      'X-LP-ON-BEHALF': consumerJws,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({
      kind: 'req',
      id: '1',
      type: 'ms.PublishEvent',
      body: { dialogId: conversationId, event: { type: 'ChatStateEvent', chatState: 'TYPING' } },
    }),
  })
  expect(response.status).toBe(400)
}

test('a refused call is understood from its page: the pointer is marked, the hint is there', async ({
  dashboard,
}) => {
  const { page, goTo } = dashboard
  await goTo('calls')
  await page.getByText('No call yet').waitFor()
  await sendBadState(dashboard)
  await page.getByRole('link', { name: /400 send zoe/ }).click()
  const call = page.getByRole('region', { name: 'Call', exact: true })
  await call.getByRole('note').getByText('/body/event/chatState').waitFor()
  const marked = call.locator('.json-line.problem')
  expect(await marked.textContent()).toBe('"chatState": "TYPING"')
  const mark = call.locator('.json-mark')
  expect(await mark.getAttribute('data-pointer')).toBe('/body/event/chatState')
  await call.getByRole('link', { name: 'PUB-7' }).first().waitFor()
})

test('the copied lines of a call have variables in place of its tokens', async ({ dashboard }) => {
  const { page, goTo } = dashboard
  await sendBadState(dashboard)
  await goTo('calls')
  await page.getByRole('link', { name: /400 send zoe/ }).click()
  const copy = async (label: string): Promise<string> => {
    await page.getByRole('button', { name: label }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    const text = await page.evaluate(() => navigator.clipboard.readText())
    await page.getByRole('button', { name: label }).waitFor()
    return text
  }
  const curl = await copy('Copy as curl')
  expect(curl).toContain('-H "authorization: $APP_JWT"')
  expect(curl).toContain('-H "x-lp-on-behalf: $CONSUMER_JWS"')
  const written = await copy('Copy as vitest test')
  expect(written).toContain('expect(response.status).toBe(400)')
  const verify = await copy('Copy as verify')
  expect(verify).toContain('"event":"ChatStateEvent"')
  expect(curl + written + verify).not.toMatch(/eyJ|redacted/)
})

test('a call that misses stands out, and is found by the filters in the URL', async ({
  dashboard,
}) => {
  const { server, page, goTo } = dashboard
  await goTo('calls')
  await fetch(`${server.url}/api/acount/1/nothing`)
  await sendBadState(dashboard)
  await page.getByRole('link', { name: /400 send/ }).waitFor()
  await page.getByLabel('Any operation').selectOption('null')
  await expect.poll(() => page.locator('.call-row').count()).toBe(1)
  expect(await page.locator('.call-row').getAttribute('class')).toBe('call-row miss')
  await page.reload()
  await page.locator('.call-row.miss').waitFor()
  expect(await page.locator('.call-row').count()).toBe(1)
})

test('a paused list stays as it is, and says how much has come', async ({ dashboard }) => {
  const { server, page, goTo } = dashboard
  await goTo('calls')
  await fetch(`${server.url}/first`)
  await page.locator('.call-row').waitFor()
  await page.getByRole('button', { name: 'Pause' }).click()
  await fetch(`${server.url}/second`)
  await page.getByRole('button', { name: 'Resume (1 more)' }).waitFor()
  expect(await page.locator('.call-row').count()).toBe(1)
  await page.getByRole('button', { name: 'Resume (1 more)' }).click()
  await expect.poll(() => page.locator('.call-row').count()).toBe(2)
})

import { expect } from 'vitest'
import { test, useBrowser } from './browser.ts'

useBrowser()

test('an expectation that does not hold is explained by the closest call, with what differs', async ({
  dashboard,
}) => {
  const { account, server, page, goTo } = dashboard
  await fetch(`${server.url}/api/account/${account.accountId}/service/baseURI.json?version=1.0`)
  await goTo('verify')
  await page.getByLabel('Operation').fill('baseUris')
  await page.getByLabel('Status').fill('503')
  await page.getByRole('button', { name: 'Verify' }).click()
  const row = page.getByRole('row', { name: /\/status/ })
  await row.getByText('200').waitFor()
  await row.getByText('503').waitFor()
  await page.getByText('The whole request, with the differences marked').click()
  expect(await page.locator('.json-mark').getAttribute('data-pointer')).toBe('/status')
  await page.getByLabel('Status').fill('200')
  await page.getByRole('button', { name: 'Verify' }).click()
  await page.getByText('It holds.').waitFor()
  await page.getByRole('link', { name: '#1' }).click()
  await page.getByRole('heading', { name: /200 baseUris/ }).waitFor()
})

test('the rules show which of them decided answers of the account', async ({ dashboard }) => {
  const { account, server, page, goTo } = dashboard
  await goTo('rules')
  await page.getByText(/^\d+ of \d+$/).waitFor()
  await fetch(`${server.url}/api/account/${account.accountId}/service/baseURI.json?version=1.0`)
  await page.getByText('decided 1 answer').first().waitFor()
  await page.getByLabel('only those that decided an answer').check()
  const shown = await page.locator('.rule').count()
  expect(shown).toBeGreaterThan(0)
  expect(shown).toBeLessThan(20)
  await page.getByLabel('only those that decided an answer').uncheck()
  await page.getByRole('searchbox', { name: 'Search' }).fill('X-LP-ON-BEHALF')
  await expect.poll(() => page.locator('.rule').count()).toBeLessThan(20)
  await page.getByLabel('only where the sources differ').check()
  expect(page.url()).toContain('differs=true')
})

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished } from 'vitest'
import { test, useBrowser } from './browser.ts'

useBrowser()

const contentType = 'ms.MessagingEventNotification.ContentEvent'

/** A receiver that answers with a status, and with a text that says why. */
async function startReceiver(): Promise<{ url: string; answer: { status: number; text: string } }> {
  const answer = { status: 200, text: '' }
  const server: Server = createServer((request, response) => {
    request.resume()
    request.on('end', () => response.writeHead(answer.status).end(answer.text))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, answer }
}

test('a failing webhook is seen, mended and delivered again', async ({ dashboard }) => {
  const { account, page, goTo } = dashboard
  const receiver = await startReceiver()
  Object.assign(receiver.answer, { status: 500, text: 'no database' })
  account.webhooks.register({ [contentType]: { endpoint: receiver.url } })
  const { conversationId } = await account.conversations.open('zoe')
  await goTo('webhooks')
  await account.agent(conversationId).say('hello')
  await page.getByRole('link', { name: /failed ContentEvent/ }).click()
  const delivery = page.getByRole('region', { name: 'Delivery', exact: true })
  await delivery.getByText('no database').waitFor()
  await delivery.getByText('They are equal.').waitFor()
  Object.assign(receiver.answer, { status: 200, text: '' })
  await delivery.getByRole('button', { name: 'Deliver again' }).click()
  await delivery.getByText('Attempt 2').waitFor()
  await expect.poll(() => account.webhooks.list().map(({ state }) => state)).toEqual(['delivered'])
  await delivery.getByRole('heading', { name: /delivered/ }).waitFor()
})

test('a test notification is sent from the page, and shown', async ({ dashboard }) => {
  const { account, page, goTo } = dashboard
  const receiver = await startReceiver()
  account.webhooks.register({ [contentType]: { endpoint: receiver.url } })
  await goTo('webhooks')
  await page.getByRole('button', { name: 'Send a test notification…' }).click()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  const delivery = page.getByRole('region', { name: 'Delivery', exact: true })
  await delivery.getByText('a test notification', { exact: false }).waitFor()
  expect(account.webhooks.list()).toMatchObject([{ state: 'delivered', test: true }])
})

test('the endpoints of the manifest are changed in the page', async ({ dashboard }) => {
  const { account, page, goTo } = dashboard
  const receiver = await startReceiver()
  await goTo('webhooks')
  await page.getByRole('button', { name: 'Change the endpoints…' }).click()
  const field = page.getByLabel('webhooks (JSON)')
  await field.fill('{"ms.MessagingEventNotification.ContentEvent":{"endpoint":"nowhere"}}')
  await page.getByRole('button', { name: 'Register' }).click()
  await page.getByRole('alert').getByText('endpoint').waitFor()
  await field.fill(JSON.stringify({ [contentType]: { endpoint: receiver.url } }))
  await page.getByRole('button', { name: 'Register' }).click()
  await page.getByText('1 endpoints in the manifest').waitFor()
  const { conversationId } = await account.conversations.open('zoe')
  await account.agent(conversationId).say('hello')
  await page.getByRole('link', { name: /delivered ContentEvent/ }).waitFor()
})

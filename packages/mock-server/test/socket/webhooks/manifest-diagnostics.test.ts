import { expect, test } from 'vitest'
import { startMockServer } from '../../../src/index.ts'
import { call } from '../consumer-session.ts'

const misspelt = 'ms.MessagingEventNotification.AccpetStatusEvent'
const meant = 'did you mean "ms.MessagingEventNotification.AcceptStatusEvent"?'
const webhooks = { [misspelt]: { endpoint: 'http://127.0.0.1:8080/hook' } }

/** A log whose lines of level `warn` are kept. */
function startLog() {
  const lines: Readonly<Record<string, unknown>>[] = []
  const ignore = () => {}
  const warn = (fields: Readonly<Record<string, unknown>>) => void lines.push(fields)
  return { lines, log: { debug: ignore, info: ignore, error: ignore, warn } }
}

test('accepts a webhook type that never fires, and names the nearest one in answer, log and view [WH-1.2]', async () => {
  const { lines, log } = startLog()
  await using server = await startMockServer({ log })
  const url = `${server.url}/__sendbox/accounts/12345678`
  const body = JSON.stringify({ capabilities: { webhooks }, capabilites: {} })
  const headers = { 'Content-Type': 'application/json' }
  const put = await call(`${url}/app-install`, { method: 'PUT', headers, body })
  const misplaced = { path: '/capabilites', message: expect.stringContaining('"capabilities"') }
  const diagnostic = {
    path: `/capabilities/webhooks/${misspelt}`,
    rule: 'WH-1.2',
    message: expect.stringContaining(meant),
  }
  expect(put).toMatchObject({ status: 200, json: { diagnostics: [misplaced, diagnostic] } })
  expect((await call(`${url}/app-install`)).json).toMatchObject({ diagnostics: [diagnostic] })
  const view = { installs: [{ clientId: 'sendbox-client', diagnostics: [diagnostic] }] }
  expect((await call(`${url}/webhooks`)).json).toMatchObject(view)
  expect(server.account().webhooks.installs()).toMatchObject(view.installs)
  expect(lines).toMatchObject([
    { accountId: '12345678', path: misplaced.path },
    { accountId: '12345678', path: diagnostic.path, diagnostic: diagnostic.message },
  ])
})

test('logs the diagnostics of declared installs and of those of the handle, and none of good ones [WH-1.2]', async () => {
  const { lines, log } = startLog()
  const accounts = { '1': { installs: [{ clientId: 'app', capabilities: { webhooks } }] } }
  await using server = await startMockServer({ log, accounts })
  server.account('2').webhooks.register(webhooks)
  const type = 'ms.MessagingEventNotification.ContentEvent'
  server.account('3').webhooks.register({ [type]: { endpoint: 'http://127.0.0.1:8080' } })
  expect(lines.map(({ accountId, clientId }) => [accountId, clientId])).toEqual([
    ['1', 'app'],
    ['2', 'sendbox-client'],
  ])
  expect(server.account('3').webhooks.installs()[0]).not.toHaveProperty('diagnostics')
})

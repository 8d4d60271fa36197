import { expect, onTestFinished, test } from 'vitest'
import { connectMockServer } from '../../../src/control.ts'
import { startMockServer } from '../../../src/index.ts'

async function start() {
  const server = await startMockServer()
  onTestFinished(() => server.close())
  const account = server.account('7')
  const call = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}${path}`, { headers })
  return { server, account, call }
}

const baseUris = '/api/account/7/service/baseURI.json?version=1.0'

test('a call has who made it in the journal, calls of no operation too, and requests match by it', async () => {
  const { server, account, call } = await start()
  await call(baseUris, { 'X-Sendbox-By': 'dashboard' })
  await call('/api/account/7/no/such', { 'x-sendbox-by': 'dashboard' })
  await call('/nowhere', { 'x-sendbox-by': 'my_page-1.0' })
  await call(baseUris)
  const { requests } = account
  expect(requests.list().map(({ by }) => by)).toEqual(['dashboard', 'dashboard', undefined])
  expect(server.requests.list()).toMatchObject([{ by: 'my_page-1.0', operation: null }])
  requests.verify({ match: { by: 'dashboard' }, count: 1 })
  expect(() => requests.verify({ match: { by: 'other' } })).toThrow(
    '/by: expected "other", received nothing',
  )
  const listed = await fetch(`${server.url}/__sendbox/accounts/7/requests?by=dashboard`)
  expect(await listed.json()).toMatchObject({
    requests: [
      { id: 1, by: 'dashboard', headers: { 'x-sendbox-by': 'dashboard' } },
      { id: 2, by: 'dashboard' },
    ],
  })
})

test.each(['', 'two words', 'a'.repeat(41), 'caf\u00e9', 'a, b'])(
  'a name that is not short and plain is ignored: %j',
  async name => {
    const { account, call } = await start()
    await call(baseUris, { 'x-sendbox-by': name })
    await call(baseUris, { 'x-sendbox-by': 'a'.repeat(40) })
    expect(account.requests.list().map(({ by }) => by)).toEqual([undefined, 'a'.repeat(40)])
  },
)

test('the requests of no account have the same handle in process and over HTTP', async () => {
  const { server, call } = await start()
  await call('/nowhere')
  await call('/elsewhere')
  const { requests } = connectMockServer(server.url)
  expect(await requests.list()).toEqual(server.requests.list())
  expect(await requests.list({ after: 1 })).toEqual(server.requests.list({ after: 1 }))
  expect((await requests.list({ after: 1 })).map(({ id }) => id)).toEqual([2])
  expect([await requests.dropped, server.requests.dropped]).toEqual([0, 0])
  await requests.clear()
  expect(server.requests.list()).toEqual([])
  await call('/nowhere')
  server.requests.clear()
  expect(await requests.list()).toEqual([])
})

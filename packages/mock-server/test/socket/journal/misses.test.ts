import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { type MockServerOptions, startMockServer } from '../../../src/index.ts'
import { createOwnCertificate } from '../../certificates.ts'

async function start(options: MockServerOptions = {}) {
  const server = await startMockServer(options)
  onTestFinished(() => server.close())
  const port = Number(new URL(server.url).port)
  /** Sends bytes, and waits for the end of the connection. */
  const send = async (bytes: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1')
    socket.write(bytes)
    return text(socket)
  }
  const misses = async (query = '') => {
    const response = await fetch(`${server.url}/__sendbox/requests${query}`)
    const { requests } = (await response.json()) as { requests: Record<string, unknown>[] }
    return requests
  }
  return { server, port, send, misses }
}

const close = 'Connection: close\r\n\r\n'

test('requests without an account are in the journal of the mock, each with why it was refused', async () => {
  const { server, port, send, misses } = await start()
  await fetch(`${server.url}/nowhere`)
  await send(`GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n${close}`)
  await send('no request at all\r\n\r\n')
  await once(connectTls({ host: '127.0.0.1', port }), 'error')
  await fetch(`${server.url}/api/account/1/messaging/consumer/conversation?v=3`, {
    method: 'POST',
    headers: { Origin: 'https://evil.example' },
  })
  const found = await misses()
  expect(found.map(({ operation, method, status, id }) => [id, operation, method, status])).toEqual(
    [
      [1, null, 'GET', 404],
      [2, null, 'GET', 400],
      [3, null, '', 400],
      [4, null, '', undefined],
      [5, null, 'POST', 403],
    ],
  )
})

test('misses of an account are in its journal as null, and no count has them but one that asks for them', async () => {
  const { server } = await start()
  const account = server.account('7')
  await fetch(`${server.url}/api/account/7/service/baseURI.json?version=1.0`)
  await fetch(`${server.url}/api/account/7/no/such`)
  await fetch(`${server.url}/api/account/7/service/baseURI.json?version=1.0`, { method: 'PUT' })
  const { requests } = account
  const operationsOf = (query: Parameters<typeof requests.list>[0]) =>
    requests.list(query).map(({ operation }) => operation)
  expect(operationsOf({})).toEqual(['baseUris', null, null])
  expect(operationsOf({ operation: null })).toEqual([null, null])
  requests.verify({ count: 1 })
  requests.verify({ match: { status: 501 }, count: 0 })
  requests.verify({ match: { operation: null, status: 501 }, count: 1 })
  requests.verify({ order: [{ operation: 'baseUris' }] })
  expect(await requests.waitFor({ match: { operation: null }, count: 2 })).toHaveLength(2)
  await expect(requests.waitFor({ count: 2, timeoutMs: 1 })).rejects.toThrow('1 of 3 did')
  const asText = await fetch(`${server.url}/__sendbox/accounts/7/requests?operation=null`)
  expect(await asText.json()).toMatchObject({
    requests: [{ operation: null }, { operation: null }],
  })
})

test('a CONNECT that is refused is a miss, with what to do', async () => {
  const { send, misses } = await start({ tls: await createOwnCertificate() })
  await send('CONNECT other.example:443 HTTP/1.1\r\nHost: other.example:443\r\n\r\n')
  expect(await misses()).toMatchObject([{ method: 'CONNECT', status: 403, operation: null }])
})

test('the icon that browsers ask for is none, nor is a call of the control API', async () => {
  const { server, misses } = await start()
  expect((await fetch(`${server.url}/favicon.ico`)).status).toBe(404)
  await fetch(`${server.url}/__sendbox/none`)
  expect(await misses()).toEqual([])
})

test('they are listed by status, forgotten, and reset', async () => {
  const { server, misses } = await start()
  const nowhere = `${server.url}/nowhere`
  await fetch(nowhere)
  expect(await misses('?status=404&limit=1')).toHaveLength(1)
  expect(await misses('?status=400')).toEqual([])
  const cleared = await fetch(`${server.url}/__sendbox/requests`, { method: 'DELETE' })
  expect(await cleared.json()).toEqual({ cleared: 1 })
  await fetch(nowhere)
  expect(await misses()).toMatchObject([{ id: 2 }])
  await server.reset()
  await fetch(nowhere)
  expect(await misses()).toMatchObject([{ id: 1 }])
})

test('the log has a line for each at the level debug, with its path and without its query', async () => {
  const lines: object[] = []
  const debug = (fields: object) => void lines.push(fields)
  const log = { debug, info: () => {}, warn: () => {}, error: () => {} }
  const { server, send } = await start({ log })
  await fetch(`${server.url}/api/account/1/messaging/consumer/conversations/send?v=3&token=secret`)
  await send('no request at all\r\n\r\n')
  expect(lines).toMatchObject([
    {
      method: 'GET',
      path: '/api/account/1/messaging/consumer/conversations/send',
      status: 404,
      accountId: '1',
      hint: expect.stringContaining('conversation/send'),
    },
    { method: '', status: 400, accountId: null, hint: expect.stringContaining('HPE_') },
  ])
  expect(JSON.stringify(lines)).not.toContain('secret')
})

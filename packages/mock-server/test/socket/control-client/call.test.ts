import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { ControlError, connectMockServer } from '../../../src/control.ts'
import { startMockServer } from '../../../src/index.ts'

const errorOf = async (answer: Promise<unknown>): Promise<ControlError> => {
  const error: unknown = await answer.catch((reason: unknown) => reason)
  if (error instanceof ControlError) return error
  throw new TypeError(`${String(error)} is no ControlError`)
}

test('a call takes path, query and body by name, and answers JSON or text', async () => {
  await using server = await startMockServer()
  const { call } = connectMockServer(server.url)
  expect(await call('getHealth')).toEqual({ status: 'ok' })
  expect(await call('getMetrics')).toContain('sendbox_accounts')
  const accountId = 'a/b c'
  const opened = await call('openConversation', { accountId, body: { consumer: 'zoe' } })
  expect(await server.account(accountId).conversations.list()).toEqual([opened])
  const { requests } = await call('listRequests', {
    accountId,
    query: { limit: 1, status: undefined },
  })
  expect(requests).toEqual([])
  expect((await call('listAccounts')).map(account => account.accountId)).toEqual([accountId])
})

test('the types of a call are those of its operation', async () => {
  await using server = await startMockServer()
  const { call } = connectMockServer(server.url)
  // @ts-expect-error: no such operation
  await expect(call('getHelth')).rejects.toThrow(TypeError)
  // @ts-expect-error: a conversation has an account
  await expect(call('getConversation', { conversationId: '1' })).rejects.toThrow('404')
  // @ts-expect-error: a fault has an action
  await expect(call('addFault', { accountId: '1', body: {} })).rejects.toThrow('/action')
  const { now } = await call('putClock', { accountId: '1', body: {} })
  // @ts-expect-error: the time is a number
  const wrong: string = now
  expect(wrong).toBeTypeOf('number')
})

test('a refused call says which, and has title, details and problems', async () => {
  await using server = await startMockServer()
  const account = connectMockServer(server.url).account('a')
  const error = await errorOf(account.faults.add({ action: { statsu: 429 } } as never))
  expect(error.message).toBe(
    `POST /__sendbox/accounts/{accountId}/faults: 400 Bad Request: ${error.details}`,
  )
  expect(error).toMatchObject({
    name: 'ControlError',
    status: 400,
    title: 'Bad Request',
    details: expect.stringContaining('/action/statsu: expected no such field'),
    problems: [{ path: '/action/statsu', received: '429' }, expect.anything()],
  })
  const missing = await errorOf(account.webhooks.redeliver('none'))
  expect(missing).toMatchObject({ status: 404, title: 'Not Found', problems: [] })
})

test('an answer that is not of a mock is an error with its text', async () => {
  await using server = createServer((_, response) => {
    response.writeHead(502).end('no gateway')
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const { call } = connectMockServer(`http://127.0.0.1:${port}`)
  expect(await errorOf(call('getHealth'))).toMatchObject({
    message: 'GET /__sendbox/health: 502: no gateway',
    details: 'no gateway',
  })
})

test('where nothing listens, the error names URL and call', async () => {
  const server = await startMockServer()
  await server.close()
  await expect(connectMockServer(server.url).account('a').conversations.list()).rejects.toThrow(
    `No mock answers at ${server.url}: GET /__sendbox/accounts/a/conversations`,
  )
})

test('a control token is sent as a bearer token', async () => {
  const seen: IncomingHttpHeaders[] = []
  await using server = createServer(({ headers }, response) => {
    seen.push(headers)
    response.setHeader('Content-Type', 'application/json').end('{}')
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  await connectMockServer(url, { controlToken: 'secret' }).call('getHealth')
  await connectMockServer(url).call('getHealth')
  expect(seen.map(({ authorization }) => authorization)).toEqual(['Bearer secret', undefined])
})

test('closing ends the calls that wait, and leaves the mock running', async () => {
  await using server = await startMockServer()
  const remote = connectMockServer(server.url)
  const waiting = remote.account('a').requests.waitFor({ timeoutMs: 600_000 })
  const [ended] = await Promise.allSettled([waiting, remote.close()])
  expect(ended).toMatchObject({
    reason: { message: expect.stringMatching(/^The connection was closed: POST /) },
  })
  expect(await connectMockServer(server.url).call('getHealth')).toEqual({ status: 'ok' })
})

test('credentials are those of the accounts that the mock was started with', () => {
  const accounts = { a: { installs: [{ clientId: 'mine', clientSecret: 'hidden' }] } }
  const remote = connectMockServer('http://127.0.0.1:1', { accounts })
  expect([remote.account('a'), remote.account()]).toMatchObject([
    { accountId: 'a', clientId: 'mine', clientSecret: 'hidden' },
    { accountId: '12345678', clientId: 'sendbox-client', clientSecret: 'sendbox-secret' },
  ])
})

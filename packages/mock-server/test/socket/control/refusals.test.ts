import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { createService } from '../../../src/app/create-app.ts'
import { createExpressApp } from '../../../src/app/create-express-app.ts'
import { maxWaits } from '../../../src/control/operation.ts'
import { ControlError, connectMockServer } from '../../../src/control.ts'
import { startMockServer } from '../../../src/index.ts'
import { call } from '../consumer-session.ts'

/** The form of every refusal, with no further field. */
const RefusalSchema = z.strictObject({
  title: z.string().min(1),
  details: z.string().min(1),
  errorCode: z.int().optional(),
  problems: z
    .array(
      z.strictObject({
        path: z.string(),
        expected: z.string(),
        received: z.string(),
        message: z.string(),
      }),
    )
    .min(1)
    .optional(),
})

/** A mock in which no more calls may wait, and the profiles of one account cannot be read. */
async function startControl() {
  const service = createService({})
  const { store } = service
  store.listProfiles = () => Promise.reject(new Error('the store failed'))
  const reportError = () => undefined
  const server = createServer(createExpressApp(service, { reportError })).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  onTestFinished(() => void server.close())
  Object.defineProperty(service.journals.of('full'), 'waits', { value: maxWaits })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/__sendbox`
}

const json = { 'Content-Type': 'application/json' }

const post = (body: unknown, headers: Record<string, string> = json): RequestInit => ({
  method: 'POST',
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

const open = post({ consumer: 'zoe', conversationId: 'taken' })

const cases: readonly (readonly [status: number, path: string, init?: RequestInit])[] = [
  [400, '/accounts/1/conversations', post({ consumer: 1 })],
  [400, '/accounts/1/conversations', post('{')],
  [400, '/accounts/1/requests?none=1'],
  [400, '/accounts/1/conversations/closed/agent', post({ action: 'say', text: 'late' })],
  [400, '/accounts/%zz/conversations'],
  [403, '/health', { headers: { Origin: 'http://evil.test' } }],
  [404, '/nowhere'],
  [404, '/accounts/1/conversations/none'],
  [404, '/accounts/1/conversations/none/agent', post({ action: 'join' })],
  [404, '/accounts/1/profiles/none'],
  [404, '/accounts/1/faults/fault-0'],
  [404, '/accounts/1/webhooks/none/redeliver', { method: 'POST' }],
  [405, '/health', { method: 'DELETE' }],
  [409, '/accounts/1/conversations', open],
  [413, '/accounts/1/tokens', post(`"${'a'.repeat(1_048_577)}"`)],
  [415, '/accounts/1/tokens', post('{}', { 'Content-Type': 'text/plain' })],
  [429, '/accounts/full/requests/wait', post({ count: 1 })],
  [500, '/accounts/1/profiles'],
]

test('every refusal of the control API has one form', async () => {
  const base = await startControl()
  await call(`${base}/accounts/1/conversations`, open)
  await call(
    `${base}/accounts/1/conversations`,
    post({ consumer: 'yan', conversationId: 'closed' }),
  )
  await call(`${base}/accounts/1/conversations/closed/agent`, post({ action: 'close' }))
  for (const [status, path, init] of cases) {
    const answer = await call(base + path, init)
    const { success } = RefusalSchema.safeParse(answer.json)
    expect([path, answer.status, answer.json, success]).toEqual([path, status, answer.json, true])
  }
  await using server = await startMockServer({ controlToken: 'secret' })
  const unknown = await call(`${server.url}/__sendbox/accounts`)
  expect([unknown.status, RefusalSchema.safeParse(unknown.json).success]).toEqual([401, true])
})

test('a refusal that the service has a number for has it, whatever the form of its own errors', async () => {
  await using server = await startMockServer({ settings: { errors: { body: 'string' } } })
  const { accountId, conversations } = server.account()
  const { conversationId } = await conversations.open('zoe')
  const remote = connectMockServer(server.url)
  const act = (id: string, body: object) =>
    remote
      .call('actAsAgent', { accountId, conversationId: id, body: body as never })
      .catch((error: unknown) => error)
  await act(conversationId, { action: 'close' })
  const refused = [
    await act(conversationId, { action: 'say', text: 'late' }),
    await act('none', { action: 'join' }),
    await remote.call('getConversation', { accountId, conversationId: 'none' }).catch(e => e),
  ]
  expect(refused.every(error => error instanceof ControlError)).toBe(true)
  expect(refused).toMatchObject([
    { status: 400, errorCode: 40054, title: 'Bad Request', details: 'Conversation is close' },
    { status: 404, errorCode: 40451, title: 'Not Found', details: 'Conversation not found' },
    { status: 404, errorCode: 40451, details: expect.stringContaining('no conversation none') },
  ])
  await expect(remote.account().agent(conversationId).read()).rejects.toThrow('40052')
})

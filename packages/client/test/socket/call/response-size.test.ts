import { expect, test } from 'vitest'
import { alice, createTestClient, rejectionOf, textRequest } from '../create-test-client.ts'
import { type StubAnswer, startStubService } from '../start-stub-service.ts'

const maxResponseBytes = 2_000
const oneTooMany = 'x'.repeat(maxResponseBytes + 1)

async function failWith(answer: StubAnswer): Promise<unknown> {
  await using service = await startStubService()
  await using client = createTestClient(service, { maxResponseBytes, maxConnections: 1 })
  service.answer(({ url }) => (url.includes('/send') ? answer : undefined))
  const error = await rejectionOf(client.send(textRequest, alice))
  // The rest of the response is not read, so its connection is not reused.
  await expect.poll(() => service.connections).toBe(0)
  return error
}

test('a success larger than maxResponseBytes is given up, and its outcome is unknown', async () => {
  expect(await failWith({ status: 200, body: oneTooMany })).toMatchObject({
    code: 'INVALID_RESPONSE',
    outcomeUnknown: true,
    message:
      'Sending ms.PublishEvent failed: POST /api/account/{accountId}/messaging/consumer/conversation/send answered with success, but the body has more than 2000 bytes, the limit of maxResponseBytes. The call may have acted all the same; check that domainApiUrl leads to a Send API v3.',
  })
})

test('an error larger than maxResponseBytes is known by its status alone', async () => {
  expect(await failWith({ status: 502, body: oneTooMany })).toMatchObject({
    code: 'API_ERROR',
    status: 502,
    details: undefined,
    outcomeUnknown: true,
  })
})

test('a file as large as maxResponseBytes is downloaded', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service, { maxResponseBytes })
  const body = Buffer.alloc(maxResponseBytes, 1)
  service.answer(({ method, url }) =>
    method === 'GET' && url.startsWith('/v1/') ? { status: 200, body } : undefined,
  )

  expect(await client.conversation('c', alice).downloadFile('/v1/x')).toEqual(body)
})

test.each([
  ['the Domain API', '/baseURI.json', 'baseURIs'],
  ['SEND', '/send', 'body'],
])(
  'a response of %s with over 50,000 values is given up before it is validated',
  async (_, path, field) => {
    await using service = await startStubService()
    await using client = createTestClient(service)
    const body = `{"${field}":[${Array(300_000).fill(1).join()}]}`
    service.answer(({ url }) => (url.includes(path) ? { status: 200, body } : undefined))
    const error = await rejectionOf(client.send(textRequest, alice))
    expect(error).toMatchObject({ code: 'INVALID_RESPONSE' })
    // The cause would be the schema's problems.
    expect((error as Error).cause).toBeUndefined()
    expect(String(error)).toContain('the body has more than 50000 values')
  },
)

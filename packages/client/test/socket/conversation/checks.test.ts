import { expect, test } from 'vitest'
import { alice, createTestClient, rejectionOf, textRequest } from '../create-test-client.ts'
import { conversationId, startStubService } from '../start-stub-service.ts'

const tolerated = { ...textRequest, body: { ...textRequest.body, colour: 'blue' } } as const

test('strict checks refuse what is only tolerated, before it leaves [REQ-4]', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service, { checks: { requests: 'strict' } })
  const refused = { code: 'INVALID_REQUEST', isRetryable: false }

  expect(await rejectionOf(client.send(tolerated, alice))).toMatchObject({
    ...refused,
    problems: [{ path: '/body/colour', rule: 'REQ-4' }],
  })
  const opening = client.consumer('alice').openConversation({ ttrDefName: 'CUSTOM' })
  expect(await rejectionOf(opening)).toMatchObject(refused)
  expect(service.requests).toHaveLength(0)
  expect(await client.send(textRequest, alice)).toHaveProperty('code', 'OK')
})

test('by default what is tolerated leaves', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)

  await client.send(tolerated, alice)
  await client.consumer('alice').openConversation({ ttrDefName: 'CUSTOM' })

  expect(service.requestsTo('/send')).toHaveLength(1)
  expect(service.requestsTo('/conversation')).toHaveLength(1)
})

test('without checks of requests anything leaves', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service, { checks: { requests: 'off' } })
  service.answer(({ url }) =>
    url.includes('/send') ? { status: 200, body: { news: true } } : undefined,
  )

  const request = { type: 'ms.BrandNew', body: 5 } as never
  expect(await client.send(request, alice)).toEqual({ news: true })
  await client.consumer('alice').openConversation({ skillId: 'sales' })

  expect(JSON.parse(service.requestsTo('/send')[0]?.body ?? '')).toEqual({
    type: 'ms.BrandNew',
    body: 5,
    id: '1',
  })
})

test('limits that differ are those that are checked', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service, { limits: { textLength: 4 } })

  expect(await rejectionOf(client.send(textRequest, alice))).toMatchObject({
    code: 'INVALID_REQUEST',
    problems: [{ path: '/body/event/message', expected: 'at most 4 characters' }],
  })
})

test('without checks of answers any JSON passes, and tokens are checked all the same', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service, { checks: { responses: 'off' } })
  let body: unknown = { reqId: 7 }
  service.answer(({ url }) => (url.includes('/send') ? { status: 200, body } : undefined))
  expect(await client.send(textRequest, alice)).toEqual({ reqId: 7 })
  body = 'no JSON'
  expect(await rejectionOf(client.send(textRequest, alice))).toHaveProperty(
    'code',
    'INVALID_RESPONSE',
  )

  service.answer(({ url }) =>
    url.includes('/conversation?')
      ? { status: 200, body: [null, { body: { conversationId } }] }
      : undefined,
  )
  expect(await client.consumer('alice').openConversation()).toMatchObject({ conversationId })

  service.answer(({ url }) =>
    url.includes('/consumer?') ? { status: 201, body: { token: 5 } } : undefined,
  )
  expect(await rejectionOf(client.send(textRequest, { consumer: 'bob' }))).toMatchObject({
    code: 'INVALID_RESPONSE',
  })
})

const strange: unknown[] = [null, {}, { body: null }, { body: { sequence: 'x' } }]

test.each(strange)(
  'without checks of answers the answer %j to an event is a success',
  async body => {
    await using service = await startStubService()
    await using client = createTestClient(service, { checks: { responses: 'off' } })
    const conversation = client.conversation('c', alice)
    service.answer(({ body: sent }) =>
      sent.includes('ms.PublishEvent') ? { status: 200, body } : undefined,
    )

    expect(Object.keys(await conversation.sendText('Hello'))).toEqual(['sequence'])
    await conversation.sendFile(Buffer.from('x'), { fileType: 'PNG' })
    expect(await conversation.typing(() => 'done')).toBe('done')
  },
)

test.each(strange)(
  'without checks of answers the place %j of a file is refused all the same',
  async body => {
    await using service = await startStubService()
    await using client = createTestClient(service, { checks: { responses: 'off' } })
    const conversation = client.conversation('c', alice)
    service.answer(({ url }) => (url.includes('/send') ? { status: 200, body } : undefined))

    const calls = [
      conversation.sendFile(Buffer.from('x'), { fileType: 'PNG' }),
      conversation.downloadFile('/v1/x'),
    ]
    for (const error of await Promise.all(calls.map(rejectionOf))) {
      expect(error).toHaveProperty('code', 'INVALID_RESPONSE')
    }
  },
)

test('without checks of answers a file may lie anywhere', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service, { checks: { responses: 'off' } })
  const queryParams = { temp_url_sig: 's', temp_url_expires: '1' }
  service.answer(({ url }) => {
    if (url.startsWith('/v2/')) return { status: 200, body: 'bytes' }
    const body = { body: { relativePath: '/v2/x', queryParams } }
    return url.includes('/send') ? { status: 200, body } : undefined
  })

  const bytes = await client.conversation('c', alice).downloadFile('/v2/x')
  expect(Buffer.from(bytes).toString()).toBe('bytes')
})

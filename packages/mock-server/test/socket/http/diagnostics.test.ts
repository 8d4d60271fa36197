import type { FileUrl } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { type ConsumerSession, call, startConsumerSession, text } from '../consumer-session.ts'

/** The diagnostics of the last call in the journal, each as its pointer and its rule. */
const noted = ({ server }: ConsumerSession): string[] =>
  server
    .account()
    .requests.list()
    .at(-1)
    ?.diagnostics.map(({ path, rule }) => `${path} ${rule}`) ?? []

const notJson = { 'Client-Properties': '[object Object]' }
const header = '/headers/client-properties'

test('a Client-Properties header is diagnosed on each request of SEND and on CONVERSATION [REQ-6.2]', async () => {
  await using session = await startConsumerSession({ settings: { secondConversation: 'allow' } })
  const { headers, conversationId, accountId, batchUrl } = session
  const requests = [
    { type: 'ms.PublishEvent', body: { dialogId: conversationId, event: text('hi') } },
    { type: 'userprofile.SetUserProfile', body: {} },
    { type: 'ms.GenerateURLForUploadFile', body: { fileSize: 1, fileType: 'PNG' } },
    {
      type: 'cm.UpdateConversationField',
      body: {
        conversationId,
        conversationField: { field: 'TTRField', ttrType: 'URGENT', value: 1 },
      },
    },
  ]
  for (const request of requests) {
    const sent = await session.send({ id: '1', ...request }, { ...headers, ...notJson })
    expect([sent.status, noted(session)]).toEqual([200, [`${header} REQ-6.2`]])
  }
  const opening = { brandId: accountId, skillId: 7 }
  const batch = await call(batchUrl, {
    method: 'POST',
    headers: { ...headers, 'Client-Properties': '{"type":"clientProperties","features":["X",1]}' },
    body: JSON.stringify([
      { id: '1', type: 'userprofile.SetUserProfile', body: {} },
      { id: '2', type: 'cm.ConsumerRequestConversation', body: opening },
    ]),
  })
  expect(batch.status).toBe(200)
  expect(noted(session)).toEqual(['/1/body/skillId CON-1b', `${header}/features/1 REQ-6.2`])
})

test('a Client-Properties header refuses nothing in strict mode, and stands beside the problems of a refusal [REQ-6.2]', async () => {
  await using session = await startConsumerSession({ settings: { mode: 'strict' } })
  const { headers, conversationId } = session
  const send = (body: object) =>
    session.send({ id: '1', type: 'ms.PublishEvent', body }, { ...headers, ...notJson })
  expect((await send({ dialogId: conversationId, event: text('hi') })).status).toBe(200)
  expect(noted(session)).toEqual([`${header} REQ-6.2`])
  expect((await send({ event: text('hi') })).status).toBe(400)
  expect(session.server.account().requests.list().at(-1)).toMatchObject({
    problems: [{ path: '/body/dialogId' }],
    diagnostics: [{ path: header, rule: 'REQ-6.2' }],
  })
})

const receipt = (...sequenceList: number[]) => ({
  type: 'AcceptStatusEvent',
  status: 'READ',
  sequenceList,
})

const file = (relativePath: string) => ({
  type: 'ContentEvent',
  contentType: 'hosted/file',
  message: { relativePath, fileType: 'PNG' },
})

test('each number of a receipt that is not assigned has a diagnostic [PUB-8a]', async () => {
  await using session = await startConsumerSession()
  expect((await session.publish(receipt(0))).status).toBe(200)
  expect(noted(session)).toEqual(['/body/event/sequenceList/0 PUB-8a'])
  await session.publish(receipt(0))
  expect(noted(session)).toEqual([])
  await session.publish(receipt(0, 2, 1, 999))
  expect(noted(session)).toEqual([
    '/body/event/sequenceList/1 PUB-8a',
    '/body/event/sequenceList/3 PUB-8a',
  ])
  await session.publish(receipt(...Array.from({ length: 300 }, (_, index) => 1000 + index)))
  expect(noted(session)).toHaveLength(100)
})

test('a file that was not uploaded has a diagnostic until it is uploaded [PUB-3b]', async () => {
  await using session = await startConsumerSession()
  const asked = {
    id: '1',
    type: 'ms.GenerateURLForUploadFile',
    body: { fileSize: 1, fileType: 'PNG' },
  }
  const { relativePath, queryParams } = ((await session.send(asked)).json as { body: FileUrl }).body
  for (const path of ['/v1/AUTH_async-images/12345678/never-uploaded.PNG', relativePath]) {
    expect((await session.publish(file(path))).status).toBe(200)
    expect(noted(session)).toEqual(['/body/event/message/relativePath PUB-3b'])
  }
  const query = new URLSearchParams({ ...queryParams }).toString()
  await fetch(`${session.server.url}${relativePath}?${query}`, { method: 'PUT', body: 'x' })
  await session.publish(file(relativePath))
  expect(noted(session)).toEqual([])
})

test.each([
  ['a file', file('/v1/none.PNG'), 'message/relativePath PUB-3b'],
  ['a receipt', receipt(4), 'sequenceList/0 PUB-8a'],
])(
  '%s as the first message of a batch is diagnosed in its item [PUB-3b, PUB-8a]',
  async (_, event, rest) => {
    for (const secondConversation of ['reuse', 'allow'] as const) {
      await using other = await startConsumerSession({ settings: { secondConversation } })
      const { accountId } = other
      const answer = await other.sendBatch([
        { id: '1', type: 'userprofile.SetUserProfile', body: {} },
        { id: '2', type: 'cm.ConsumerRequestConversation', body: { brandId: accountId } },
        { id: '3', type: 'ms.PublishEvent', body: { event } },
      ])
      expect([answer.status, noted(other)]).toEqual([200, [`/2/body/event/${rest}`]])
    }
  },
)

const form =
  '--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\nPNG\r\n--x--\r\n'

test.each([
  ['multipart/form-data; boundary=x', form, ['/headers/content-type EP-15']],
  ['Multipart/Form-Data; boundary=x', 'raw after all', ['/headers/content-type EP-15']],
  ['image/png', form, [' EP-15']],
  [undefined, `\r\n${form}`, [' EP-15']],
  ['image/png', form.replace('Content-D', 'Content-Type: image/png\r\ncontent-d'), [' EP-15']],
  ['image/png', '--x\r\nno form', []],
  ['application/x-www-form-urlencoded', 'a=1', []],
  ['image/png', '', []],
])(
  'an upload as %s is stored, and %j is diagnosed if it looks like a form [EP-15]',
  async (contentType, body, diagnostics) => {
    await using session = await startConsumerSession()
    const asked = {
      id: '1',
      type: 'ms.GenerateURLForUploadFile',
      body: { fileSize: 1, fileType: 'PNG' },
    }
    const { relativePath, queryParams } = ((await session.send(asked)).json as { body: FileUrl })
      .body
    const url = `${session.server.url}${relativePath}?${new URLSearchParams({ ...queryParams }).toString()}`
    const stored = await fetch(url, {
      method: 'PUT',
      headers: { ...(contentType !== undefined && { 'Content-Type': contentType }) },
      body: new TextEncoder().encode(body),
    })
    expect([stored.status, noted(session)]).toEqual([201, diagnostics])
  },
)

const encoded = Buffer.from('{"alg":"x","note":"looks like a token"}').toString('base64')

test('encodedMetadata is in the journal as it was sent, and a token in its place is not [REQ-9.1]', async () => {
  await using session = await startConsumerSession()
  const { headers, conversationId: dialogId, server } = session
  const send = (encodedMetadata: string) =>
    session.send({
      id: '1',
      type: 'ms.PublishEvent',
      body: { dialogId, event: text('hi') },
      encodedMetadata,
    })
  expect((await send(encoded)).status).toBe(200)
  expect((await send(String(headers['Authorization']))).status).toBe(400)
  const bodies = server.account().requests.list()
  expect(bodies.map(({ body }) => (body as { encodedMetadata: string }).encodedMetadata)).toEqual([
    encoded,
    '<redacted>',
  ])
  const url = `${server.url}/__sendbox/accounts/${session.accountId}/requests`
  expect((await call(url)).text).toContain(encoded)
})

test('a message with a faulty encodedMetadata is dropped [REQ-9.1, REQ-9.2]', async () => {
  await using session = await startConsumerSession()
  const { conversationId: dialogId, server } = session
  const send = (event: unknown, encodedMetadata: string) =>
    session.send({ id: '1', type: 'ms.PublishEvent', body: { dialogId, event }, encodedMetadata })
  for (const [event, value] of [
    [text('x'), '***'],
    [text('x'), 'A'.repeat(5_124)],
    [{ type: 'ChatStateEvent', chatState: 'COMPOSING' }, 'e30='],
    [file('/v1/a.PNG'), 'e30='],
  ] as const)
    expect(await send(event, value)).toMatchObject({
      status: 400,
      json: {
        reqId: '1',
        body: { errorCode: 40052, details: expect.stringContaining('/encodedMetadata: ') },
      },
    })
  const view = await server.account().conversations.get(dialogId)
  expect(view?.dialogs[0]).toMatchObject({ transcript: [], nextSequence: 0 })
})

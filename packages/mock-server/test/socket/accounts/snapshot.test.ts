import { operations, toPath } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { type MockAccount, startMockServer } from '../../../src/index.ts'
import { call, type ReceivedAnswer, startConsumerSession, text } from '../consumer-session.ts'

const put = (url: string, body: unknown): Promise<ReceivedAnswer> =>
  call(url, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

/** A mock whose account has had every kind of event, a closed conversation, a profile, a file and a replaced install. */
async function startFullSession() {
  const session = await startConsumerSession({
    seed: 'seed',
    now: () => 1_700_000_000_000,
    settings: { survey: true },
  })
  const account = session.server.account()
  account.clock.freeze()
  const agent = account.agent(session.conversationId)
  await session.publish(text('zero'))
  await agent.type()
  await agent.say('one')
  await session.publish({ type: 'RichContentEvent', message: { type: 'vertical' } })
  await session.publish({ type: 'AcceptStatusEvent', status: 'READ', sequenceList: 1 })
  await session.update({ field: 'TTRField', ttrType: 'URGENT', value: 60 })
  await agent.startSurvey()
  await session.close()
  await session.update({
    field: 'CSATRate',
    csatRate: 5,
    csatResolutionConfirmation: true,
    status: 'FILLED',
  })
  const body = {
    firstName: 'Zoe',
    authenticatedData: { lp_sdes: { type: 'ctmrinfo', info: { customerId: '1' } } },
  }
  await session.sendBatch([
    { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body },
    {
      kind: 'req',
      id: '2',
      type: 'cm.ConsumerRequestConversation',
      body: { brandId: session.accountId },
    },
  ])
  account.webhooks.register({
    'ms.MessagingEventNotification.ContentEvent': {
      endpoint: 'https://user:hush-password@example.test/?token=hush-token',
      headers: [{ header_name: 'x-key', header_value: 'hush-header' }],
    },
  })
  return session
}

async function uploadFile(session: Awaited<ReturnType<typeof startFullSession>>): Promise<void> {
  const answer = await session.send({
    kind: 'req',
    id: '1',
    type: 'ms.GenerateURLForUploadFile',
    body: { fileSize: 3, fileType: 'JPG' },
  })
  const { relativePath, queryParams } = (
    answer.json as { body: { relativePath: string; queryParams: Record<string, string> } }
  ).body
  const url = `${session.server.url}${relativePath}?${new URLSearchParams(queryParams).toString()}`
  const { status } = await fetch(url, { method: 'PUT', body: new Uint8Array([1, 2, 3]) })
  expect(status).toBe(201)
}

const urlOf = (url: string, accountId: string) => `${url}/__sendbox/accounts/${accountId}/snapshot`

test('restores all that an account was into another mock, over HTTP, and goes on alike', async () => {
  await using session = await startFullSession()
  await uploadFile(session)
  const { server, accountId } = session
  const { json: snapshot } = await call(urlOf(server.url, accountId))
  expect(snapshot).toMatchObject({ format: 'sendbox-snapshot', version: 1, accountId })
  expect(JSON.stringify(snapshot)).not.toMatch(/hush|sendbox-secret/)

  await using other = await startMockServer({ settings: { survey: true }, now: () => 0 })
  const restored = await put(urlOf(other.url, accountId), snapshot)
  expect([restored.status, restored.json]).toEqual([200, { restored: accountId }])
  expect((await call(urlOf(other.url, accountId))).json).toEqual(snapshot)
  const views = await server.account().conversations.list()
  expect(views).toHaveLength(2)
  expect(await other.account().conversations.list()).toEqual(views)
  const goOn = async (account: MockAccount) => {
    const { conversationId } = await account.conversations.open('consumer-2')
    await account.agent(conversationId).startSurvey()
    return account.conversations.get(conversationId)
  }
  expect(await goOn(other.account())).toEqual(await goOn(server.account()))
})

test('goes back to what was there, secrets included, and keeps the journal', async () => {
  await using session = await startFullSession()
  const account = session.server.account()
  account.bot.script([{ when: 'a', say: 'b' }])
  const before = await account.snapshot()
  const requests = account.requests.list().length
  account.bot.script([{ when: 'a', say: 'c' }])
  const { clientSecret } = account
  await account.conversations.open('consumer-3')
  await account.clock.advance(60_000)
  account.webhooks.register({})
  await account.restore(before)
  expect(await account.snapshot()).toEqual(before)
  expect([account.requests.list().length, account.clientSecret]).toEqual([requests, clientSecret])
  const open = before.conversations.find(({ state }) => state.stage === 'OPEN')
  const { conversationId = '' } = open?.state ?? {}
  const path = toPath(operations.send.path, { accountId: account.accountId })
  const again = await call(`${session.server.url}${path}?v=3`, {
    method: 'POST',
    headers: session.headers,
    body: JSON.stringify({
      kind: 'req',
      id: '1',
      type: 'ms.PublishEvent',
      body: { dialogId: conversationId, event: text('hi') },
    }),
  })
  expect(again.json).toMatchObject({ body: { sequence: 0 } })
})

const refusals = (snapshot: Record<string, unknown>): [unknown, number, unknown][] => [
  [
    { ...snapshot, version: 2, something: 'new' },
    409,
    {
      title: 'Conflict',
      details:
        'The snapshot has version 2, this mock reads version 1: restore it with the Sendbox that took it, or a newer one',
    },
  ],
  [
    { ...snapshot, accountId: 'other' },
    409,
    {
      title: 'Conflict',
      details:
        'The snapshot is of account other, whose consumers have ids of their own there: it cannot be restored as account 12345678',
    },
  ],
  [{ ...snapshot, format: 'other' }, 400, { problems: [{ path: '/format' }] }],
  [{ ...snapshot, version: 0 }, 400, { problems: [{ path: '/version' }] }],
  [{ ...snapshot, more: 1 }, 400, { problems: [{ path: '/more' }] }],
  [
    {
      ...snapshot,
      files: [{ relativePath: '/v1/AUTH_async-images/12345678/a', base64: 'no base64' }],
    },
    400,
    { problems: [{ path: '/files/0/base64', expected: 'bytes in base64' }] },
  ],
  [
    { ...snapshot, clock: { offsetMs: '1', frozenAt: null } },
    400,
    { problems: [{ path: '/clock/offsetMs' }] },
  ],
]

test('refuses a snapshot that it cannot read, and changes nothing', async () => {
  await using session = await startFullSession()
  const { server, accountId } = session
  const account = server.account()
  const snapshot = await account.snapshot()
  const [first] = snapshot.conversations
  if (first === undefined) throw new Error('The snapshot has no conversation')
  const url = urlOf(server.url, accountId)
  const strayDialog = { ...first, transcripts: { ...first.transcripts, stray: [] } }
  const badState = { ...first, state: { ...first.state, stage: 'ENDED' } }
  const rows: [unknown, number, unknown][] = [
    ...refusals({ ...snapshot }),
    [
      { ...snapshot, conversations: [first, first] },
      400,
      { problems: [{ path: '/conversations/1/state/conversationId' }] },
    ],
    [
      { ...snapshot, conversations: [strayDialog] },
      400,
      { problems: [{ path: '/conversations/0/transcripts/stray' }] },
    ],
    [
      { ...snapshot, conversations: [badState] },
      400,
      { problems: [{ path: '/conversations/0/state/stage', received: '"ENDED"' }] },
    ],
  ]
  for (const [body, status, answer] of rows) {
    expect(await put(url, body)).toMatchObject({ status, json: answer })
    expect(await account.snapshot()).toEqual(snapshot)
  }
  await expect(account.restore({ ...snapshot, accountId: 'other' })).rejects.toThrow(
    new TypeError(
      'The snapshot is of account other, whose consumers have ids of their own there: it cannot be restored as account 12345678',
    ),
  )
  await expect(account.restore({ ...snapshot, files: 1 } as never)).rejects.toThrow(
    /^The snapshot is not valid:\n {2}.*files/,
  )
  expect(await account.snapshot()).toEqual(snapshot)
})

test('restores the stored webhooks and the state of the install [WH-11]', async () => {
  const options = { now: () => 1_700_000_000_000 }
  await using server = await startMockServer(options)
  const account = server.account()
  account.clock.freeze()
  account.webhooks.register({
    'ms.MessagingEventNotification.ContentEvent': { endpoint: 'http://127.0.0.1:1/' },
    retry: { retention_time: 3600 },
  })
  const { conversationId } = await account.conversations.open('zoe')
  await account.agent(conversationId).say('hi')
  await account.webhooks.idle()
  const installs = account.webhooks.installs()
  expect(installs).toMatchObject([{ stored: 1 }])
  const snapshot = await account.snapshot()
  await using other = await startMockServer(options)
  await other.account().restore(snapshot)
  expect(other.account().webhooks.installs()).toEqual(installs)
  expect(await other.account().snapshot()).toEqual(snapshot)
})

test('takes a snapshot larger than any other body', async () => {
  await using server = await startMockServer()
  const account = server.account()
  const snapshot = await account.snapshot()
  const base64 = Buffer.alloc(3_000_000).toString('base64')
  const relativePath = `/v1/AUTH_async-images/${account.accountId}/a.PNG`
  const files = [{ relativePath, base64 }]
  const url = urlOf(server.url, account.accountId)
  expect((await put(url, { ...snapshot, files })).status).toBe(200)
  expect((await account.snapshot()).files).toEqual(files)
})

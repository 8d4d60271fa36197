import { cp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { Server } from 'node:net'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { FileUrl } from '@sendbox/schema'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type MockServer, startMockServer } from '../../../src/index.ts'
import { Persistence } from '../../../src/persistence/persistence.ts'
import { createDataFolder } from '../../data-folder.ts'
import { contentType, startWebhookReceiver, webhooksAt } from '../../webhook-receiver.ts'
import { call, startConsumerSession, text } from '../consumer-session.ts'

const control = ({ url }: MockServer, rest: string): string =>
  `${url}/__sendbox/accounts/12345678/${rest}`

const put = (server: MockServer, rest: string, body: unknown) =>
  call(control(server, rest), {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })

test('all that an account is survives a restart', async () => {
  const data = await createDataFolder()
  const session = await startConsumerSession({ data, seed: 'a' })
  const { server } = session
  await session.publish(text('one'))
  await session.publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
  await session.publish({ type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] })
  await session.send({
    kind: 'req',
    id: '1',
    type: 'userprofile.SetUserProfile',
    body: { firstName: 'Zoe' },
  })
  await server.account().agent(session.conversationId).sendFile()
  await put(server, 'app-install', {
    clientId: 'mine',
    clientSecret: 'hush-hush',
    capabilities: { webhooks: webhooksAt('https://a.test/hook', { types: [] }) },
  })
  await put(server, 'clock', { freeze: true, advanceMs: 5000 })
  const before = await server.account().snapshot()
  await server.close()

  await using again = await startMockServer({ data, seed: 'a' })
  const account = again.account()
  expect(await account.snapshot()).toEqual(before)
  expect([account.clientId, account.clientSecret]).toEqual(['mine', 'hush-hush'])
  const { conversationId } = await account.conversations.open('another')
  expect(conversationId).not.toBe(session.conversationId)
  const headers = session.headers
  const next = await call(session.sendUrl.replace(server.url, again.url), {
    method: 'POST',
    headers,
    body: JSON.stringify({
      kind: 'req',
      id: '2',
      type: 'ms.PublishEvent',
      body: { dialogId: session.conversationId, event: text('two') },
    }),
  })
  expect(next.json).toEqual({ reqId: '2', code: 'OK', body: { sequence: 3 } })
})

/** Starts a mock with what is on disk of another one that still runs, as after a kill. */
async function startFromCopy(data: string): Promise<MockServer> {
  const copy = await createDataFolder()
  await cp(data, copy, { recursive: true })
  return startMockServer({ data: copy, seed: 'a' })
}

test('what the control API answered is on disk', async () => {
  const data = await createDataFolder()
  await using server = await startMockServer({ data, seed: 'a' })
  await put(server, 'app-install', { clientId: 'mine' })
  await using first = await startFromCopy(data)
  expect(first.account().clientId).toBe('mine')
  const { json } = await put(server, 'clock', { freeze: true, advanceMs: 5000 })
  await using second = await startFromCopy(data)
  const { clock } = second.account()
  expect(json).toMatchObject({ now: clock.now(), frozen: clock.frozen })
})

test('an upload that was answered is on disk, and so is how far the ids are', async () => {
  const data = await createDataFolder()
  await using session = await startConsumerSession({ data, seed: 'a' })
  const ask = async (): Promise<FileUrl> => {
    const body = { fileSize: 5, fileType: 'PNG' }
    const answer = await session.send({
      kind: 'req',
      id: '1',
      type: 'ms.GenerateURLForUploadFile',
      body,
    })
    return (answer.json as { readonly body: FileUrl }).body
  }
  const { relativePath, queryParams } = await ask()
  await using first = await startFromCopy(data)
  const { random } = await first.account().snapshot()
  expect(random).toEqual((await session.server.account().snapshot()).random)
  const url = `${session.server.url}${relativePath}?${new URLSearchParams(queryParams).toString()}`
  const { status } = await fetch(url, { method: 'PUT', body: 'bytes' })
  expect(status).toBe(201)
  await using second = await startFromCopy(data)
  const base64 = Buffer.from('bytes').toString('base64')
  expect((await second.account().snapshot()).files).toEqual([{ relativePath, base64 }])
})

test('journal, faults and deliveries that were made do not survive', async () => {
  const data = await createDataFolder()
  const session = await startConsumerSession({ data })
  await session.publish(text('one'))
  session.server.account().faults.add({ match: {}, action: { status: 503 } })
  await session.server.close()
  await using again = await startMockServer({ data })
  const account = again.account()
  expect([account.requests.list(), account.faults.list(), account.webhooks.list()]).toEqual([
    [],
    [],
    [],
  ])
})

test('stored webhooks are delivered after a restart, in order [WH-11]', async () => {
  const data = await createDataFolder()
  await using receiver = await startWebhookReceiver()
  receiver.answer = 500
  const webhooks = webhooksAt(receiver.url, { types: [contentType], retentionTime: 3600 })
  const session = await startConsumerSession({ data })
  await put(session.server, 'app-install', { capabilities: { webhooks } })
  await put(session.server, 'clock', { freeze: true })
  for (const message of ['one', 'two', 'three']) await session.publish(text(message))
  const account = session.server.account()
  await account.webhooks.idle()
  expect(account.webhooks.installs()).toMatchObject([{ state: 'FAILED', stored: 3 }])
  await session.server.close()

  const posts = receiver.messages.length
  receiver.answer = 200
  await using again = await startMockServer({ data })
  expect(again.account().webhooks.installs()).toMatchObject([{ state: 'FAILED', stored: 3 }])
  await put(again, 'clock', { advanceMs: 2000 })
  expect(receiver.messages.slice(posts)).toEqual(['one', 'two', 'three'])
  expect(again.account().webhooks.installs()).toMatchObject([{ state: 'UP', stored: 0 }])
})

test('what no call waited for is on disk after a clean stop', async () => {
  const data = await createDataFolder()
  const server = await startMockServer({ data })
  server.account().clock.freeze()
  const now = server.account().clock.now()
  await server.close()
  await using again = await startMockServer({ data })
  const { clock } = again.account()
  expect([clock.frozen, clock.now()]).toEqual([true, now])
})

test('a mock listens once its accounts are loaded', async () => {
  const data = await createDataFolder()
  const order: string[] = []
  const load = vi.spyOn(Persistence.prototype, 'load').mockImplementation(async () => {
    for (let turn = 0; turn < 20; turn += 1) await setImmediate()
    order.push('loaded')
  })
  const listen = vi.spyOn(Server.prototype, 'listen').mockImplementationOnce(function (
    this: Server,
    port,
  ) {
    order.push('listens')
    return this.listen(port)
  })
  onTestFinished(() => {
    load.mockRestore()
    listen.mockRestore()
  })
  await using server = await startMockServer({ data })
  expect([order, server.url]).toEqual([['loaded', 'listens'], expect.stringMatching(/^http/)])
})

test('a reset account is empty after a restart, and so is one of a reset mock', async () => {
  const data = await createDataFolder()
  const first = await startMockServer({ data })
  for (const accountId of ['1', '2', '3']) await first.account(accountId).conversations.open('zoe')
  await first.account('1').reset()
  const counts = async (server: MockServer) =>
    Promise.all(
      ['1', '2', '3'].map(async id => (await server.account(id).conversations.list()).length),
    )
  await first.close()
  const second = await startMockServer({ data })
  expect(await counts(second)).toEqual([0, 1, 1])
  await second.reset()
  await second.close()
  await using third = await startMockServer({ data })
  expect(await counts(third)).toEqual([0, 0, 0])
})

test('a restored snapshot is what is there after a restart', async () => {
  const data = await createDataFolder()
  const first = await startMockServer({ data })
  const account = first.account()
  const { conversationId } = await account.conversations.open('zoe')
  await account.agent(conversationId).say('one')
  const snapshot = await account.snapshot()
  await account.agent(conversationId).say('two')
  await account.agent(conversationId).sendFile()
  await put(first, 'snapshot', snapshot)
  await first.close()
  await using again = await startMockServer({ data })
  expect(await again.account().snapshot()).toEqual(snapshot)
})

test('ids that no key of a database may hold are kept', async () => {
  const data = await createDataFolder()
  const first = await startMockServer({ data })
  const ids = ['nul \u0000 inside', 'long '.repeat(800), '__proto__', '7']
  for (const id of ids) {
    const account = first.account(id)
    await account.conversations.open(id, id)
    await account.agent(id).say(id)
  }
  await first.close()
  await using again = await startMockServer({ data })
  for (const id of ids)
    expect(await again.account(id).conversations.list()).toMatchObject([
      { conversationId: id, dialogs: [{ transcript: [{ event: { message: id } }] }] },
    ])
})

test('a folder that is in use is refused, and free again once its mock is closed', async () => {
  const data = await createDataFolder()
  const first = await startMockServer({ data })
  await expect(startMockServer({ data })).rejects.toMatchObject({
    name: 'DataError',
    code: 'locked',
    message: `The data folder ${data} is in use by this process: stop that mock, or choose another folder`,
  })
  await first.close()
  await first.close()
  await using again = await startMockServer({ data })
  expect(again.url).toMatch(/^http/)
})

test('a mock that cannot listen gives its folder free', async () => {
  const data = await createDataFolder()
  await using blocker = await startMockServer()
  const port = Number(new URL(blocker.url).port)
  await expect(startMockServer({ data, port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await using again = await startMockServer({ data })
  expect(again.url).toMatch(/^http/)
})

const refusalOf = (data: string, reason: string): object => ({
  code: 'damaged',
  message: expect.stringMatching(
    `^The data folder ${data} is damaged \\(${reason}\\): put back a copy of the folder, or choose an empty one$`,
  ),
})

/** Makes a folder with a conversation in it, and gives the place of its database. */
async function createFilled(): Promise<{ readonly data: string; readonly file: string }> {
  const data = await createDataFolder()
  const server = await startMockServer({ data })
  await server.account().conversations.open('zoe')
  await server.close()
  return { data, file: path.join(data, 'lmdb', 'data.mdb') }
}

test('a database that is none is refused', async () => {
  const { data, file } = await createFilled()
  await writeFile(file, 'no database at all'.repeat(1000))
  await expect(startMockServer({ data })).rejects.toMatchObject(refusalOf(data, '.+'))
})

test.each([4096, 8192, 16_384])(
  'a database of which only %i bytes are left is refused',
  async left => {
    const { data, file } = await createFilled()
    await truncate(file, left)
    await expect(startMockServer({ data })).rejects.toMatchObject(
      refusalOf(data, 'LMDB ended the process with SIG(SEGV|BUS|ABRT)'),
    )
  },
)

test.each([
  ['deleted', 'no database', (file: string) => rm(file)],
  ['emptied', 'an empty database', (file: string) => truncate(file, 0)],
])('a folder whose database was %s is a loss, and no beginning', async (_, what, damage) => {
  const { data, file } = await createFilled()
  await damage(file)
  await expect(startMockServer({ data })).rejects.toMatchObject({
    code: 'damaged',
    message: `The data folder ${data} has ${what}, where it had accounts: put back a copy of the folder, or choose an empty one`,
  })
})

test('an account that is born after a restart takes nothing from the ones before it', async () => {
  const data = await createDataFolder()
  for (const id of ['first', 'second', 'third']) {
    await using server = await startMockServer({ data })
    const account = server.account(id)
    await account.conversations.open('zoe', `talk of ${id}`)
    await account.agent(`talk of ${id}`).say(id)
  }
  await using again = await startMockServer({ data })
  for (const id of ['first', 'second', 'third'])
    expect(await again.account(id).conversations.list()).toMatchObject([
      {
        conversationId: `talk of ${id}`,
        dialogs: [{ transcript: [{ sequence: 0, event: { message: id } }] }],
      },
    ])
})

test('a bit that flipped in a row is found at the start, and named', async () => {
  const { data, file } = await createFilled()
  const bytes = await readFile(file)
  const at = bytes.lastIndexOf('"consumerId"')
  expect(at).toBeGreaterThan(0)
  bytes[at + 3] = (bytes[at + 3] ?? 0) ^ 4
  await writeFile(file, bytes)
  await expect(startMockServer({ data })).rejects.toMatchObject({
    code: 'damaged',
    message: `The data folder ${data} is damaged (the checksum of row [0,"conversation",0] is wrong): put back a copy of the folder, or choose an empty one; sendbox check ${data} lists what is wrong`,
  })
})

test('a folder that is removed while the mock runs refuses every change from then on', async () => {
  const data = await createDataFolder()
  await using server = await startMockServer({ data })
  const account = server.account()
  await account.conversations.open('zoe', 'talk')
  await rm(data, { recursive: true })
  await expect(account.agent('talk').say('lost')).rejects.toThrow(
    `The data folder ${data} was removed, or another mock has claimed it: stop this mock, and start it again`,
  )
})

test('a clock does not go behind the last persisted time when the wall time does', async () => {
  const data = await createDataFolder()
  {
    await using server = await startMockServer({ data, now: () => 5_000_000 })
    await server.account().conversations.open('zoe')
  }
  await using again = await startMockServer({ data, now: () => 1_400_000 })
  expect(again.account().clock.now()).toBe(5_000_000)
})

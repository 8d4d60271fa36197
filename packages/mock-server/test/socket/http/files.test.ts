import { GenerateUrlResponseSchema } from '@sendbox/schema'
import { expect, test } from 'vitest'
import type { MockServerOptions } from '../../../src/index.ts'
import { call, errorOf, startConsumerSession, text } from '../consumer-session.ts'

const nowMs = Date.UTC(2026, 10, 3, 4, 5, 6, 7)

/** A session with a clock that can be advanced, and calls on the storage. */
async function startFileSession(options: MockServerOptions = {}) {
  let now = nowMs
  const session = await startConsumerSession({
    now: () => now,
    ...options,
  })
  const ask = async (type: 'Upload' | 'Download', body: unknown) => {
    const answer = await session.send({ id: 1, type: `ms.GenerateURLFor${type}File`, body })
    return GenerateUrlResponseSchema.parse(answer.json).body
  }
  const toUrl = ({ relativePath, queryParams }: Awaited<ReturnType<typeof ask>>) =>
    `${session.server.url}${relativePath}?${new URLSearchParams(queryParams).toString()}`
  const askUpload = async (fileType = 'PNG') => {
    const place = await ask('Upload', { fileSize: 4, fileType })
    return { relativePath: place.relativePath, url: toUrl(place) }
  }
  return {
    ...session,
    advance: (ms: number) => {
      now += ms
    },
    askUpload,
    askDownload: async (relativePath: string) => toUrl(await ask('Download', { relativePath })),
    put: (url: string, body: string | Uint8Array<ArrayBuffer>) =>
      fetch(url, { method: 'PUT', body }),
    [Symbol.asyncDispose]: () => session.server.close(),
  }
}

const signatureIsBad = errorOf(
  401,
  40151,
  'Unauthorized',
  'temp_url_sig is missing, wrong or past its time',
)

test('makes a place for a file with the documented form and order of keys [URL-1, URL-3.1, URL-3.2, RES-1a]', async () => {
  await using session = await startFileSession()
  const answer = await session.send({
    id: 9,
    type: 'ms.GenerateURLForUploadFile',
    body: { fileSize: '4', fileType: 'PNG' },
  })
  expect(answer.text).toMatch(/^\{"code":"OK","body":\{"relativePath":.*\},"reqId":"9"\}$/)
  const { body } = GenerateUrlResponseSchema.parse(answer.json)
  expect(body.relativePath).toMatch(
    /^\/v1\/AUTH_async-images\/12345678\/[0-9a-f]{64}_uuid_[0-9a-f-]{36}_03-11-2026_04-05-06-007\.PNG$/,
  )
  expect(body.queryParams.temp_url_expires).toBe(String(Math.floor(nowMs / 1000) + 60))
})

test('keeps the bytes of an upload and hands them out [EP-15, URL-2]', async () => {
  await using session = await startFileSession()
  const bytes = new Uint8Array([0, 255, 128, 10])
  const { relativePath, url } = await session.askUpload()
  const stored = await session.put(url, bytes)
  expect([stored.status, await stored.text()]).toEqual([201, ''])
  const loaded = await fetch(await session.askDownload(relativePath))
  expect(loaded.status).toBe(200)
  expect(new Uint8Array(await loaded.arrayBuffer())).toEqual(bytes)
})

test('takes two slashes before v1, and the same signature for both [EP-16]', async () => {
  await using session = await startFileSession()
  const { relativePath, url } = await session.askUpload()
  expect((await session.put(url.replace('/v1/', '//v1/'), 'abcd')).status).toBe(201)
  const download = await session.askDownload(relativePath)
  expect(await (await fetch(download.replace('/v1/', '//v1/'))).text()).toBe('abcd')
})

test('takes a signature for a minute, for its method and for its path [EP-15, EP-16, URL-3.1]', async () => {
  await using session = await startFileSession()
  const { relativePath, url } = await session.askUpload()
  const download = await session.askDownload(relativePath)
  const other = relativePath.replace('.PNG', '.GIF')
  const refused = [
    await call(url),
    await call(download, { method: 'PUT', body: 'abcd' }),
    await call(url.replace(relativePath, other), { method: 'PUT', body: 'abcd' }),
    await call(url.replace(/temp_url_sig=./, 'temp_url_sig=x'), { method: 'PUT', body: 'abcd' }),
    await call(url.replace(/expires=\d+/, 'expires=99999999999'), { method: 'PUT', body: 'abcd' }),
    await call(url.split('?')[0] ?? '', { method: 'PUT', body: 'abcd' }),
  ]
  expect(refused.map(({ status, json }) => [status, json])).toEqual(
    refused.map(() => [401, signatureIsBad]),
  )
  session.advance(59_000)
  expect((await session.put(url, 'abcd')).status).toBe(201)
  session.advance(1000)
  expect((await call(url, { method: 'PUT', body: 'abcd' })).json).toEqual(signatureIsBad)
  expect((await call(download)).json).toEqual(signatureIsBad)
})

test('answers 404 for a file that was never uploaded, or that was reset [EP-16]', async () => {
  await using session = await startFileSession()
  const { relativePath, url } = await session.askUpload()
  const download = await session.askDownload(relativePath)
  const missing = errorOf(404, 40454, 'Not Found', 'File not found')
  expect((await call(download)).json).toEqual(missing)
  await session.put(url, 'abcd')
  expect((await fetch(download)).status).toBe(200)
  await session.server.reset()
  expect((await call(download)).json).toEqual(missing)
})

test('limits a file where its place is asked for, where it is uploaded and where it is published [PUB-5.1, PUB-5.2]', async () => {
  await using session = await startFileSession()
  const exceeds = errorOf(400, 40056, 'Bad Request', 'File exceeds a limit', '1')
  const asked = await session.send({
    id: 1,
    type: 'ms.GenerateURLForUploadFile',
    body: { fileSize: 3_145_729, fileType: 'PNG' },
  })
  expect([asked.status, asked.json]).toEqual([400, exceeds])
  const { relativePath, url } = await session.askUpload()
  const large = await call(url, { method: 'PUT', body: new Uint8Array(3_145_729) })
  expect([large.status, large.json]).toEqual([
    413,
    errorOf(413, 41350, 'Payload Too Large', 'Request body is too large'),
  ])
  expect((await session.put(url, new Uint8Array(3_145_728))).status).toBe(201)
  const message = { relativePath, fileType: 'PNG', preview: 'x'.repeat(30_720) }
  const event = { type: 'ContentEvent', contentType: 'hosted/file', message }
  expect((await session.publish(event)).json).toEqual(exceeds)
})

test('lets the limits be set [PUB-2, PUB-4.1]', async () => {
  await using session = await startFileSession({
    settings: { limits: { fileBytes: 5, fileTypes: ['PDF'], textLength: 2 } },
  })
  const { url } = await session.askUpload('PDF')
  expect((await session.put(url, 'abcdef')).status).toBe(413)
  expect((await session.publish(text('abc'))).json).toEqual(
    errorOf(400, 40052, 'Bad Request', '/body/event/message: expected at most 2 characters', '1'),
  )
})

const fileEvent = (relativePath: string) => ({
  type: 'ContentEvent',
  contentType: 'hosted/file',
  message: { relativePath, fileType: 'PNG' },
})
const read = (sequenceList: number[]) => ({
  type: 'AcceptStatusEvent',
  status: 'READ',
  sequenceList,
})

test('publishes a file under another fileType than its place was asked for [PUB-3a]', async () => {
  await using session = await startFileSession({ settings: { mode: 'strict' } })
  const { relativePath, url } = await session.askUpload('PNG')
  await session.put(url, 'abcd')
  const message = { relativePath, fileType: 'JPG' }
  const answer = await session.publish({
    type: 'ContentEvent',
    contentType: 'hosted/file',
    message,
  })
  expect(answer.json).toMatchObject({ body: { sequence: 0 } })
})

test('takes what names an unknown file or number as the service does, and refuses it in strict mode [PUB-3b, PUB-8a]', async () => {
  await using lenient = await startFileSession()
  expect((await lenient.publish(fileEvent('/v1/unknown'))).status).toBe(200)
  expect((await lenient.publish(read([7]))).status).toBe(200)

  await using strict = await startFileSession({ settings: { mode: 'strict' } })
  expect((await strict.publish(fileEvent('/v1/unknown'))).json).toEqual(
    errorOf(400, 40061, 'Bad Request', 'File was not uploaded', '1'),
  )
  expect((await strict.publish(read([0]))).json).toEqual(
    errorOf(400, 40058, 'Bad Request', 'Sequence 0 is not assigned', '1'),
  )
  const { relativePath, url } = await strict.askUpload()
  await strict.put(url, 'abcd')
  expect((await strict.publish(fileEvent(relativePath))).json).toMatchObject({
    body: { sequence: 0 },
  })
  expect((await strict.publish(read([0]))).json).toMatchObject({ body: { sequence: 1 } })
})

test('no account reads the file of another, and nothing but own files is signed [URL-2a]', async () => {
  await using session = await startFileSession()
  const { server, accountId } = session
  const { relativePath, url } = await session.askUpload()
  expect((await session.put(url, 'mine')).status).toBe(201)
  const { appJwt, consumerJws } = await server.account('b').tokens('zoe')
  const askAs = (account: string, headers: Record<string, string>, path: string) =>
    call(session.sendUrl.replace(accountId, account), {
      method: 'POST',
      headers: { ...session.headers, ...headers },
      body: JSON.stringify({
        id: '1',
        type: 'ms.GenerateURLForDownloadFile',
        body: { relativePath: path },
      }),
    })
  const ofB = { Authorization: appJwt, 'X-LP-ON-BEHALF': consumerJws }
  const foreign = await askAs('b', ofB, relativePath)
  expect([foreign.status, foreign.json]).toEqual([
    400,
    errorOf(
      400,
      40052,
      'Bad Request',
      '/body/relativePath: expected a path of a file of this account',
      '1',
    ),
  ])
  const [entry] = server.account('b').requests.list().toReversed()
  expect(entry?.problems).toMatchObject([{ path: '/body/relativePath', rule: 'URL-2a' }])
  const folder = `/v1/AUTH_async-images/${accountId}`
  for (const path of [
    folder,
    `${folder}/`,
    `${folder}/../b/file`,
    `${folder}/%2e%2E/b/file`,
    `${folder}\\..\\b\\file`,
    `${folder}x/file`,
    `//host${folder}/file`,
    '/etc/passwd',
    '/__sendbox/accounts',
  ])
    expect([path, (await askAs(accountId, {}, path)).status]).toEqual([path, 400])
  expect((await askAs(accountId, {}, relativePath)).status).toBe(200)
})

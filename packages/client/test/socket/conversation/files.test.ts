import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { FileSource, UploadProgress } from '../../../src/index.ts'
import { createTestClock } from '../../create-test-clock.ts'
import { alice, createTestClient, rejectionOf } from '../create-test-client.ts'
import {
  relativePath,
  type StubAnswer,
  type StubService,
  signature,
  startStubService,
} from '../start-stub-service.ts'

const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47]), Buffer.alloc(200_000, 7)])

async function writePng(): Promise<string> {
  const path = join(tmpdir(), `sendbox-${randomUUID()}.png`)
  await writeFile(path, png)
  onTestFinished(() => rm(path))
  return path
}

const uploadsTo = (service: StubService) =>
  service.requests.filter(({ method }) => method === 'PUT')

async function* openParts(): AsyncGenerator<Uint8Array> {
  yield png.subarray(0, 100)
  yield png.subarray(100)
}

test.each<[string, () => Promise<FileSource> | FileSource]>([
  ['a Buffer', () => png],
  ['a Uint8Array', () => new Uint8Array(png)],
  ['a path', writePng],
  ['a file URL', async () => pathToFileURL(await writePng())],
  ['a stream', () => Readable.from([png.subarray(0, 100), png.subarray(100)])],
  ['an async iterable', openParts],
])('%s is uploaded whole, and published with its place and type [PUB-3]', async (_, open) => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const source = await open()

  const sent = await client
    .conversation('c', alice)
    .sendFile(source, { caption: 'Look', preview: 'data:image/png;base64,AA==' })

  expect(sent).toEqual({ sequence: 0, relativePath, fileType: 'PNG' })
  const [upload] = uploadsTo(service)
  expect(upload?.bytes.equals(png)).toBe(true)
  expect(upload?.url).toBe(`${relativePath}?temp_url_sig=${signature}&temp_url_expires=4102444800`)
  expect(upload?.headers).toMatchObject({
    'Content-Type': 'application/octet-stream',
    'content-length': String(png.length),
  })
  expect(upload?.headers).not.toHaveProperty('Authorization')
  expect(service.requestsTo('/send').map(({ body }) => JSON.parse(body))).toMatchObject([
    { type: 'ms.GenerateURLForUploadFile', body: { fileSize: png.length, fileType: 'PNG' } },
    {
      type: 'ms.PublishEvent',
      body: {
        dialogId: 'c',
        event: {
          type: 'ContentEvent',
          contentType: 'hosted/file',
          message: {
            relativePath,
            fileType: 'PNG',
            caption: 'Look',
            preview: 'data:image/png;base64,AA==',
          },
        },
      },
    },
  ])
})

test('the progress of an upload is told after each part, and ends with the whole', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const told: UploadProgress[] = []

  await client.conversation('c', alice).sendFile(png, { onProgress: it => told.push(it) })

  const totalBytes = png.length
  const parts = [65_536, 131_072, 196_608, totalBytes]
  expect(told).toEqual(parts.map(sentBytes => ({ sentBytes, totalBytes })))
  const [upload] = uploadsTo(service)
  expect(upload?.bytes.equals(png)).toBe(true)
  expect(upload?.headers).toMatchObject({ 'content-length': String(totalBytes) })
})

test.each([undefined, () => undefined])(
  'an upload is repeated after a 5xx and a lost answer, and published once (progress: %s)',
  async onProgress => {
    await using service = await startStubService()
    const clock = createTestClock()
    await using client = createTestClient(service, clock)
    const answers: StubAnswer[] = [{ status: 503 }, { cut: 'before' }]
    service.answer(({ method }) => (method === 'PUT' ? answers.shift() : undefined))

    await client.conversation('c', alice).sendFile(png, { onProgress })

    expect(uploadsTo(service).map(({ bytes }) => bytes.equals(png))).toEqual([true, true, true])
    expect(clock.waitsMs).toEqual([5_000, 10_000])
    expect(service.requestsTo('/send')).toHaveLength(2)
  },
)

test('an upload that is refused is an ApiError that does not show the signature, and nothing is published', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const body = { title: 'Unauthorized', details: `bad ${signature}`, errorCode: 40150 }
  service.answer(({ method }) =>
    method === 'PUT'
      ? { status: 401, body: { kind: 'resp', code: 401, body, type: '.ReqBody$ErrorResp' } }
      : undefined,
  )

  const error = await rejectionOf(client.conversation('c', alice).sendFile(png))

  expect(error).toMatchObject({
    code: 'API_ERROR',
    status: 401,
    details: 'bad <redacted>',
    isRetryable: false,
    outcomeUnknown: false,
  })
  expect(service.requestsTo('/send')).toHaveLength(1)
})

const large = Buffer.alloc(3_145_729, 1)
const tooLarge =
  'the file has more than 3145728 bytes, so nothing was sent. Send a smaller file, or raise limits.fileBytes.'

test.each<[string, FileSource, object, string, string]>([
  ['too large', large, { fileType: 'PNG' }, 'too-large', tooLarge],
  ['a stream that is too large', Readable.from([large]), {}, 'too-large', tooLarge],
  [
    'of an unknown type',
    Buffer.from('text'),
    {},
    'unknown-type',
    'its type cannot be told, so nothing was sent. Name it as fileType.',
  ],
  [
    'of a type that is not taken',
    Buffer.from('text'),
    { fileName: 'paper.pdf' },
    'refused-type',
    'files of type "PDF" are not taken, only JPG, JPEG, PNG, GIF, so nothing was sent. Send another file, or name the type in limits.fileTypes.',
  ],
  [
    'with a preview that is too long',
    png,
    { preview: 'x'.repeat(30_720) },
    'preview',
    'the preview has 30720 characters or more, so nothing was sent. Send a smaller preview, or none.',
  ],
  [
    'nowhere',
    'no-such-file.png',
    {},
    'unreadable',
    "the file cannot be read (ENOENT: no such file or directory, open 'no-such-file.png'), so nothing was sent. Check the path or the stream.",
  ],
])(
  'a file that is %s is refused before anything leaves [PUB-5.1]',
  async (_, source, options, problem, said) => {
    await using service = await startStubService()
    await using client = createTestClient(service)

    expect(
      await rejectionOf(client.conversation('c', alice).sendFile(source, options)),
    ).toMatchObject({
      name: 'FileRefusedError',
      code: 'FILE_REFUSED',
      problem,
      isRetryable: false,
      outcomeUnknown: false,
      message: `Sending a file failed: ${said}`,
    })
    expect(service.requests).toHaveLength(0)
  },
)

test('a file of the largest size, and other limits, pass', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service, { limits: { fileTypes: ['PDF'], fileBytes: 9 } })
  await using usual = createTestClient(service)
  const nineBytes = Buffer.from('nine byte')

  await client.conversation('c', alice).sendFile(nineBytes, { fileName: 'a.pdf' })
  await client.conversation('c', alice).sendFile(Readable.from([nineBytes]), { fileType: 'PDF' })
  await usual.conversation('c', alice).sendFile(large.subarray(1), { fileType: 'gif' })

  expect(uploadsTo(service).map(({ bytes }) => bytes.length)).toEqual([9, 9, 3_145_728])
})

test('where requests are not checked any file goes', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service, { checks: { requests: 'off' } })

  await client.conversation('c', alice).sendFile(large, { fileType: 'EXE' })

  expect(uploadsTo(service)[0]?.bytes).toHaveLength(large.length)
})

test('a stream that fails while it waits for its turn is a refused file, and that is all', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const stream = new Readable({ read: () => undefined })
  const conversation = client.conversation('c', alice)

  const text = conversation.sendText('first')
  const sending = rejectionOf(conversation.sendFile(stream, { fileType: 'PNG' }))
  stream.destroy(new Error('disk gone'))

  expect(await sending).toMatchObject({
    code: 'FILE_REFUSED',
    problem: 'unreadable',
    cause: { message: 'disk gone' },
  })
  expect(await text).toEqual({ sequence: 0 })
})

test('a stream that never ends is let go where its call is aborted', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const stream = new Readable({ read: () => undefined })
  const controller = new AbortController()

  const { signal } = controller
  const sending = rejectionOf(client.conversation('c', alice).sendFile(stream, { signal }))
  setImmediate(() => controller.abort())

  expect(await sending).toMatchObject({ code: 'ABORTED', outcomeUnknown: false })
  expect(stream.destroyed).toBe(true)
  expect(service.requests).toHaveLength(0)
})

test('a file is downloaded by the relativePath of its message [URL-2]', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)

  const bytes = await client.conversation('c', alice).downloadFile('/v1/some/file.PNG')

  expect(Buffer.from(bytes).toString()).toBe('bytes')
  expect(JSON.parse(service.requestsTo('/send')[0]?.body ?? '')).toMatchObject({
    type: 'ms.GenerateURLForDownloadFile',
    body: { relativePath: '/v1/some/file.PNG' },
  })
  expect(service.requests.at(-1)).toMatchObject({ method: 'GET', body: '' })
})

import { maxHeaderSize } from 'node:http'
import { gzipSync } from 'node:zlib'
import { expect, vi } from 'vitest'
import { toHeaderText } from '../../../src/http/explain/explanation.ts'
import { startMockServer } from '../../../src/index.ts'
import type { LimitCheck } from '../../limits-table.ts'
import { type ConsumerSession, call, startConsumerSession, text } from '../consumer-session.ts'
import { openRawCall, rawCall, readRawAnswer } from '../raw-call.ts'

/** The JSON of a good text, with more put in as it is. */
const toBody = ({ conversationId }: ConsumerSession, more = ''): string =>
  `{"id":1,"type":"ms.PublishEvent","body":{"dialogId":"${conversationId}","event":${JSON.stringify(text('hi'))}}${more}}`

/** Status and errorCode, as the page writes them. */
async function codesOf(url: string, init: RequestInit): Promise<string> {
  const { status, json } = await call(url, init)
  const { errorCode } = (json as { body?: { errorCode?: number } }).body ?? {}
  return [status, errorCode].filter(code => code !== undefined).join(' ')
}

const sendBytes = (
  { sendUrl, headers }: ConsumerSession,
  body: NonNullable<RequestInit['body']>,
  more: Readonly<Record<string, string>> = {},
): Promise<string> => codesOf(sendUrl, { method: 'POST', headers: { ...headers, ...more }, body })

const pack = (json: string): Uint8Array<ArrayBuffer> => new Uint8Array(gzipSync(json))

const countValues = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce<number>((count, part) => count + countValues(part), 1)
    : 1

const zeros = (count: number): string => `[${Array(count).fill(0).join()}]`

const arrays = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)

const publishFile = (session: ConsumerSession, message: object) =>
  session.publish({ type: 'ContentEvent', contentType: 'hosted/file', message })

export const requestLimits: Readonly<Record<string, LimitCheck>> = {
  async 'request line and headers together'({ numbers: [maximum = 0], beyond }) {
    expect(maxHeaderSize).toBe(maximum)
    await using server = await startMockServer()
    const url = `${server.url}/__sendbox/health`
    const ask = (length: number) =>
      rawCall({
        method: 'GET',
        url,
        headers: { 'X-Long': 'x'.repeat(length) },
      })
    // Node does not count the bytes between names and values.
    expect((await ask(maximum - 200)).text).toContain('HTTP/1.1 200')
    const { text: refused, end } = await ask(maximum)
    expect(beyond).toContain(/HTTP\/1\.1 (\d+)/.exec(refused)?.[1])
    expect([refused.includes('Connection: close'), end]).toEqual([true, 'FIN'])
  },

  async 'JSON or form body, after decompression'({ numbers: [maximum = 0], beyond }) {
    await using session = await startConsumerSession()
    const largest = toBody(session).padEnd(maximum)
    const gzip = { 'Content-Encoding': 'gzip' }
    expect(await sendBytes(session, largest)).toBe('200')
    expect(await sendBytes(session, pack(largest), gzip)).toBe('200')
    expect(beyond).toContain(await sendBytes(session, `${largest} `))
    expect(beyond).toContain(await sendBytes(session, pack(`${largest} `), gzip))
    const tokenUrl = `${session.server.url}/sentinel/api/account/1/app/token?v=1.0`
    const askToken = async (length: number) => {
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
      const body = 'a='.padEnd(length, 'a')
      return call(tokenUrl, { method: 'POST', headers, body })
    }
    expect((await askToken(maximum)).json).toMatchObject({ error: 'invalid_request' })
    expect(beyond).toContain(String((await askToken(maximum + 1)).status))
    const body = 'x'.repeat(2 * maximum)
    const head = openRawCall({ url: session.sendUrl, headers: session.headers, body })
    // The next call on the same connection.
    head.write('GET /__sendbox/health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n')
    const { text: answers } = await readRawAnswer(head)
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200'])
  },

  async 'JSON nesting depth'({ numbers: [maximum = 0], beyond }) {
    await using session = await startConsumerSession()
    expect(await sendBytes(session, toBody(session, `,"x":${arrays(maximum - 1)}`))).toBe('200')
    expect(beyond).toBe(await sendBytes(session, toBody(session, `,"x":${arrays(maximum)}`)))
    // A small body that unpacks to many levels is not parsed either.
    using parse = vi.spyOn(JSON, 'parse')
    const deep = { body: pack('['.repeat(1_000_000)), gzip: { 'Content-Encoding': 'gzip' } }
    expect(beyond).toBe(await sendBytes(session, deep.body, deep.gzip))
    expect(parse.mock.calls.filter(([json]) => json.length > 10_000)).toEqual([])
  },

  async 'values in a JSON body'({ numbers: [maximum = 0], beyond }) {
    await using session = await startConsumerSession()
    // One more for the list itself.
    const room = maximum - countValues(JSON.parse(toBody(session))) - 1
    expect(await sendBytes(session, toBody(session, `,"x":${zeros(room)}`))).toBe('200')
    const oneMore = toBody(session, `,"x":${zeros(room + 1)}`)
    using parse = vi.spyOn(JSON, 'parse')
    expect(beyond).toContain(await sendBytes(session, oneMore))
    const faultsUrl = `${session.server.url}/__sendbox/accounts/1/faults`
    const { headers } = session
    const addFaults = (count: number) =>
      codesOf(faultsUrl, { method: 'POST', headers, body: zeros(count) })
    expect(beyond).toContain(await addFaults(maximum))
    expect(parse.mock.calls.filter(([json]) => json.length > maximum)).toEqual([])
    expect(await addFaults(maximum - 1)).toBe('400')
  },

  async 'problems or diagnostics in a result'({ numbers: [maximum = 0] }) {
    await using session = await startConsumerSession()
    const countsOf = async (wrong: number) => {
      const fields = Array.from({ length: wrong }, (_, index) => `,"x${index}":1`).join('')
      expect(await sendBytes(session, toBody(session, fields))).toBe('200')
      const refused = toBody(session, `,"metadata":${zeros(wrong)}`)
      expect(await sendBytes(session, refused)).toBe('400 40052')
      const [accepted, last] = session.server.account().requests.list().slice(-2)
      return [accepted?.diagnostics.length, last?.problems.length]
    }
    expect(await countsOf(maximum)).toEqual([maximum, maximum])
    expect(await countsOf(maximum + 1)).toEqual([maximum, maximum])
  },

  async 'uploaded file'({ numbers: [maximum = 0], beyond }) {
    await using session = await startConsumerSession()
    const ask = (fileSize: number) =>
      session.send({
        id: 1,
        type: 'ms.GenerateURLForUploadFile',
        body: { fileSize, fileType: 'PNG' },
      })
    const { json } = await ask(maximum)
    const { relativePath, queryParams } = (
      json as { body: { relativePath: string; queryParams: Record<string, string> } }
    ).body
    const url = `${session.server.url}${relativePath}?${new URLSearchParams(queryParams).toString()}`
    const upload = (bytes: number) =>
      fetch(url, { method: 'PUT', body: new Uint8Array(bytes) }).then(
        async response => `${response.status} ${await response.text()}`,
      )
    expect(await upload(maximum)).toBe('201 ')
    const refusals = [await upload(maximum + 1), (await ask(maximum + 1)).text]
    const [atUpload = '', before = ''] = refusals.map(refusal =>
      /"code":(\d+).*"errorCode":(\d+)/.exec(refusal)?.slice(1).join(' '),
    )
    expect(beyond).toBe(`${atUpload} at the upload, ${before} before`)
  },

  async 'preview of a file'({ numbers: [maximum = 0], beyond }) {
    await using session = await startConsumerSession()
    const publish = async (length: number) => {
      const message = { relativePath: '/v1/a', fileType: 'PNG', preview: 'x'.repeat(length) }
      const { status, json } = await publishFile(session, message)
      return [status, (json as { body: { errorCode?: number } }).body.errorCode]
    }
    expect(await publish(maximum - 1)).toEqual([200, undefined])
    expect(beyond).toBe((await publish(maximum)).join(' '))
  },

  async text({ beyond }) {
    await using unlimited = await startConsumerSession()
    expect((await unlimited.publish(text('x'.repeat(1_000_000)))).status).toBe(200)
    const settings = { limits: { textLength: 5 } }
    await using session = await startConsumerSession({ settings })
    expect((await session.publish(text('x'.repeat(5)))).status).toBe(200)
    const { status, json } = await session.publish(text('x'.repeat(6)))
    const { errorCode } = (json as { body: { errorCode: number } }).body
    expect(beyond).toContain(`${status} ${errorCode}`)
  },

  async 'calls of SEND and CONVERSATION in a second'({ beyond }) {
    const settings = { limits: { requestsPerSecond: 2 } }
    await using session = await startConsumerSession({ settings, now: () => 0 })
    const { sendUrl, batchUrl, headers } = session
    const send = (url: string) => codesOf(url, { method: 'POST', headers, body: toBody(session) })
    expect([await send(sendUrl), await send(batchUrl)]).toEqual(['200', '400 40059'])
    for (const url of [sendUrl, batchUrl]) expect(beyond).toContain(await send(url))
    await using unlimited = await startConsumerSession({ now: () => 0 })
    const all = Array.from({ length: 100 }, () => sendBytes(unlimited, toBody(unlimited)))
    expect(new Set(await Promise.all(all))).toEqual(new Set(['200']))
  },

  async 'body whose numeric `id` is repeated as it was written'({ numbers: [maximum = 0] }) {
    await using session = await startConsumerSession()
    const written = toBody(session).replace('"id":1', '"id":1.0')
    const send = async (body: string) => {
      const { sendUrl: url, headers } = session
      return (await call(url, { method: 'POST', headers, body })).json
    }
    expect(await send(written.padEnd(maximum))).toMatchObject({ reqId: '1.0' })
    expect(await send(written.padEnd(maximum + 1))).toMatchObject({ reqId: '1' })
  },

  async hint({ numbers: [maximum = 0] }) {
    const longest = 'x '.repeat(maximum / 2)
    expect(toHeaderText(longest, [])).toBe(longest)
    const shortened = toHeaderText(`${longest}x`, [])
    expect([shortened.length, shortened.slice(-3)]).toEqual([maximum, '...'])
  },
}

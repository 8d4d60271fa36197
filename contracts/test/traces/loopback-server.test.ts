import { request } from 'undici'
import { expect, test } from 'vitest'
import { type LimitCheck, readLimits } from '../../../packages/mock-server/test/limits-table.ts'
import { startLoopbackServer } from '../../src/loopback-server.ts'
import { startProxy } from '../../src/proxy.ts'
import { startNotificationReceiver } from '../../src/traces/notification-receiver.ts'

test.each([
  [{ host: 'evil.example' }, 403],
  [{ host: '127.0.0.1.evil.example' }, 403],
  [{ origin: 'https://evil.example' }, 403],
  [{ origin: 'null' }, 403],
  [{ origin: 'http://localhost:3000' }, 200],
  [{ host: 'LOCALHOST:80' }, 200],
  [{}, 200],
])('a listener answers %o with %i: no web page passes to the service', async (headers, status) => {
  let calls = 0
  await using server = await startLoopbackServer(async (_, response) => {
    calls += 1
    response.end()
  })
  const { statusCode, body } = await request(server.url, { method: 'POST', headers })
  await body.dump()
  expect([statusCode, calls]).toEqual([status, status === 200 ? 1 : 0])
})

const checks: Readonly<Record<string, LimitCheck>> = {
  async 'body of a request'({ numbers: [maximum = 0], beyond }) {
    await using proxy = await startProxy({
      target: 'http://127.0.0.1',
      intercept: async ({ bytes }) => ({
        status: 200,
        headers: {},
        bytes: Buffer.from(`${bytes.length}`),
      }),
    })
    await using receiver = await startNotificationReceiver()
    const post = async (url: string, bytes: number) => {
      const { statusCode, body } = await request(url, { method: 'POST', body: Buffer.alloc(bytes) })
      return `${statusCode}: ${await body.text()}`
    }
    expect(await post(proxy.url, maximum)).toBe(`200: ${maximum}`)
    const refused = [await post(proxy.url, maximum + 1), await post(receiver.url, maximum + 1)]
    const [ofProxy, ofReceiver] = beyond.match(/\d+/g) ?? []
    const reason = `The body has more than ${maximum} bytes`
    expect(refused).toEqual([`${ofProxy}: ${reason}`, `${ofReceiver}: ${reason}`])
  },
}

test.each(readLimits('Recorder'))('$limit: $beyond beyond the maximum', async row => {
  expect(Object.keys(checks)).toContain(row.limit)
  await checks[row.limit]?.(row)
})

test('each check has a limit on the page', () => {
  const names = readLimits('Recorder').map(({ limit }) => limit)
  expect(names).toEqual(expect.arrayContaining(Object.keys(checks)))
})

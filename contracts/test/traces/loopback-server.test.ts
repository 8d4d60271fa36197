import { request } from 'undici'
import { expect, test } from 'vitest'
import { readBody, startLoopbackServer } from '../../src/loopback-server.ts'

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

test('a listener reads a body of 64 MiB at most', async () => {
  await using server = await startLoopbackServer(async (incoming, response) => {
    response.end(String((await readBody(incoming)).length))
  })
  const post = async (bytes: number) => {
    const { statusCode, body } = await request(server.url, {
      method: 'POST',
      body: Buffer.alloc(bytes),
    })
    return [statusCode, await body.text()]
  }
  expect(await post(67_108_864)).toEqual([200, '67108864'])
  expect((await post(67_108_865))[0]).toBe(500)
})

import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { readResponse } from '../../../src/webhooks/read-response.ts'

const read = (chunks: readonly (string | Uint8Array)[], maxReadMs = 60_000) => {
  const body = new PassThrough()
  const reading = readResponse(body, maxReadMs)
  for (const chunk of chunks) body.write(chunk)
  return { body, reading }
}

const whole = async (...chunks: readonly (string | Uint8Array)[]) => {
  const { body, reading } = read(chunks)
  body.end()
  return reading
}

test('a body is text, whatever its chunks', async () => {
  expect(await whole()).toEqual({ text: '', truncated: false })
  const bytes = Buffer.from('a caf\u00e9')
  expect(await whole(bytes.subarray(0, 6), bytes.subarray(6))).toEqual({
    text: 'a caf\u00e9',
    truncated: false,
  })
})

test('bytes that are not UTF-8 are replacement characters, a cut character at the end is left out', async () => {
  expect(await whole(Buffer.of(0x61, 0xff, 0x62))).toEqual({ text: 'a\ufffdb', truncated: false })
  expect(await whole(Buffer.of(0x61, 0xc3))).toEqual({ text: 'a\ufffd', truncated: false })
  const long = await whole(`${'x'.repeat(4095)}\u00e9`)
  expect(long).toEqual({ text: 'x'.repeat(4095), truncated: true })
})

test('a body that does not end is shown after 100 ms as far as it came, long before the deadline', async () => {
  const { body, reading } = read(['so far'], 3_600_000)
  const startedAt = performance.now()
  expect(await reading).toEqual({ text: 'so far', truncated: true })
  expect(performance.now() - startedAt).toBeGreaterThan(90)
  expect(body.destroyed).toBe(false)
  body.destroy()
})

test('a body that does not end is destroyed at the deadline', async () => {
  const { body, reading } = read(['so far'], 1)
  expect(await reading).toEqual({ text: 'so far', truncated: true })
  expect(body.destroyed).toBe(true)
})

test('a long body is shown before it ends, and is read on', async () => {
  const { body, reading } = read(['x'.repeat(5000)])
  expect(await reading).toEqual({ text: 'x'.repeat(4096), truncated: true })
  body.end('more')
  await expect.poll(() => body.readableEnded).toBe(true)
})

test('a body that fails is shown as far as it came', async () => {
  const { body, reading } = read(['half'])
  await new Promise(resolve => setImmediate(resolve))
  body.destroy(new Error('the connection broke'))
  expect(await reading).toEqual({ text: 'half', truncated: true })
})

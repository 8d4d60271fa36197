import { expect, test } from 'vitest'
import { isLoopbackAddress, isLoopbackUrl } from '../../../src/http/host-name.ts'

test.each([
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['0.0.0.0', false],
  ['192.0.2.1', false],
  ['::ffff:192.0.2.1', false],
  ['::', false],
])('takes %s for loopback: %s', (address, expected) => {
  expect(isLoopbackAddress(address)).toBe(expected)
})

test('reads the host of a URL', () => {
  expect(
    ['http://[::1]:4020', 'http://127.0.0.1:4020', 'http://0.0.0.0:1'].map(isLoopbackUrl),
  ).toEqual([true, true, false])
})

import { networkInterfaces } from 'node:os'
import { expect, test } from 'vitest'
import { createTargets } from '../../../src/proxy/target.ts'
import { RefusedTarget } from '../../../src/tls/shared-port.ts'

test.each([
  'localhost',
  'LOCALHOST',
  'app.localhost',
  'localhost.',
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '0.1.2.3',
  '::',
  '::1',
  '0:0:0:0:0:0:0:1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '169.254.169.254',
  '::ffff:169.254.1.1',
  'fe80::1',
  'metadata.google.internal',
  '100.100.100.200',
  'fd00:ec2::254',
])('nothing is passed on to %s', host => {
  expect(createTargets('127.0.0.1').isClosed(host)).toBe(true)
})

test.each([
  'example.com',
  'localhost.example',
  '10.0.0.7',
  '192.168.1.1',
  '::ffff:10.0.0.7',
  '2001:db8::1',
])('%s is passed on to', host => {
  expect(createTargets('127.0.0.1').isClosed(host)).toBe(false)
})

test('the address that the mock listens on is closed, and where it listens on all, those of its machine', () => {
  expect(createTargets('10.1.2.3').isClosed('10.1.2.3')).toBe(true)
  const all = Object.values(networkInterfaces()).flatMap(list => list ?? [])
  for (const { address } of all) {
    expect(createTargets('0.0.0.0').isClosed(address)).toBe(true)
    expect(createTargets('::').isClosed(address)).toBe(true)
  }
  expect(createTargets('0.0.0.0').isClosed('10.255.255.254')).toBe(false)
})

/** The error of a look-up, if any. */
const lookUp = (name: string, all: boolean): Promise<Error | null> =>
  new Promise(resolve => {
    createTargets('127.0.0.1').lookup(name, { all }, error => resolve(error))
  })

test.each(['localhost', '127.1', '2130706433', '0x7f.1'])(
  '%s is looked up before it is passed on to, and is refused by its address',
  async name => {
    for (const all of [true, false]) expect(await lookUp(name, all)).toBeInstanceOf(RefusedTarget)
  },
)

test('a name without an address fails as the system says', async () => {
  for (const all of [true, false])
    expect(await lookUp('no-such-host.invalid', all)).toMatchObject({
      syscall: 'getaddrinfo',
    })
})

import { BlockList, isIP } from 'node:net'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { allowsPlainHttp, isMetadataHost } from '../../src/index.ts'

const hostOf = (host: string): string => new URL(`http://${host}/`).hostname

test.each([
  '127.0.0.1',
  '127.1',
  '0x7f000001',
  'localhost',
  'LOCALHOST',
  'mock.localhost',
  'connector',
  'mock.local',
  'host.docker.internal',
  'connector.test',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '[::1]',
  '[fd12:3456::1]',
])('plain http is allowed to %s [WH-13]', host => {
  expect(allowsPlainHttp(hostOf(host))).toBe(true)
})

test.each([
  'liveperson.net',
  '8.8.8.8',
  '172.15.0.1',
  '172.32.0.1',
  '192.169.0.1',
  '11.0.0.1',
  '128.0.0.1',
  '169.254.169.254',
  '10.example.com',
  '127.0.0.1.example.com',
  '192.168.0.1.example.com',
  'localhost.example.com',
  'local.example',
  'test.example',
  '[2001:db8::1]',
  '[fe80::1]',
  '[::]',
  '[::ffff:8.8.8.8]',
])('plain http is not allowed to %s [WH-13]', host => {
  expect(allowsPlainHttp(hostOf(host))).toBe(false)
})

test.each([
  '169.254.0.1',
  '2852039166',
  '[fe80::1]',
  '[febf::1]',
  '[::ffff:169.254.169.254]',
  '[64:ff9b::169.254.169.254]',
  '[fd00:ec2::254]',
  '100.100.100.200',
  'metadata',
  'METADATA.google.internal',
  'metadata.google.internal.',
  'instance-data',
])('%s is link-local or a metadata service, which no http goes to [WH-13]', host => {
  expect([isMetadataHost(hostOf(host)), allowsPlainHttp(hostOf(host))]).toEqual([true, false])
})

test.each(['169.253.0.1', '10.254.169.254', '[fec0::1]', '[fd00:ec2::253]', 'my-metadata'])(
  '%s is no metadata service [WH-13]',
  host => {
    expect(isMetadataHost(hostOf(host))).toBe(false)
  },
)

test('addresses are judged as by their subnets', () => {
  const local = new BlockList()
  local.addSubnet('127.0.0.0', 8)
  local.addSubnet('10.0.0.0', 8)
  local.addSubnet('172.16.0.0', 12)
  local.addSubnet('192.168.0.0', 16)
  local.addAddress('::1', 'ipv6')
  local.addSubnet('fc00::', 7, 'ipv6')
  fc.assert(
    fc.property(
      fc.oneof(
        fc.ipV4(),
        fc.ipV6().map(address => `[${address}]`),
      ),
      host => {
        const hostname = hostOf(host)
        const address = hostname.replace(/^\[|\]$/g, '')
        // An IPv4 address in the notation of IPv6 counts as neither.
        fc.pre(!address.startsWith('::ffff:'))
        const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
        expect(allowsPlainHttp(hostname)).toBe(local.check(address, family))
      },
    ),
    { numRuns: 2000 },
  )
})

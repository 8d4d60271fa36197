import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCa, openCa } from '../../../src/tls/certificates.ts'

const domains = ['liveperson.net', 'localhost']
const pair = await createCa(domains)
const ca = await openCa(pair)
const leaf = await ca.createLeaf('va.msg.liveperson.net')
const loopback = await ca.createLeaf()
const foreign = await ca.createLeaf('example.com')

let folder: string

const pathOf = (name: string): string => join(folder, `${name}.pem`)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sendbox-certificates-'))
  const files = { ca: pair, leaf, loopback, foreign }
  for (const [name, { certificate }] of Object.entries(files))
    await writeFile(pathOf(name), certificate)
})

afterAll(() => rm(folder, { recursive: true }))

const isMissing = spawnSync('openssl', ['version']).status !== 0

/** The verdict of `openssl verify` on a certificate, in its strict mode. */
function verify(name: string, ...flags: string[]): string {
  const args = ['verify', '-x509_strict', '-CAfile', pathOf('ca'), ...flags, pathOf(name)]
  const { stdout, stderr } = spawnSync('openssl', args, { encoding: 'utf8' })
  return stdout + stderr
}

test.for([
  ['leaf', ['-verify_hostname', 'va.msg.liveperson.net', '-purpose', 'sslserver'], ': OK'],
  ['loopback', ['-verify_hostname', 'localhost', '-purpose', 'sslserver'], ': OK'],
  ['loopback', ['-verify_ip', '127.0.0.1'], ': OK'],
  ['loopback', ['-verify_ip', '::1'], ': OK'],
  ['leaf', ['-verify_hostname', 'other.liveperson.net'], 'hostname mismatch'],
  ['foreign', [], 'permitted subtree violation'],
] as const)('openssl, strictly: %s with %j', ([name, flags, words], { skip }) => {
  skip(isMissing && process.env['CI'] === undefined, 'openssl is not on this machine')
  expect(verify(name, ...flags)).toContain(words)
})

test('a CA lives for a year, its leaves for 90 days and never longer than the CA', async () => {
  const days = ({ certificate }: { certificate: string }): number => {
    const { validTo } = new X509Certificate(certificate)
    return (new Date(validTo).getTime() - Date.now()) / 86_400_000
  }
  expect(days(pair)).toBeCloseTo(365, 1)
  expect(days(leaf)).toBeCloseTo(90, 1)
  expect(days(await ca.createLeaf('localhost'))).toBeLessThanOrEqual(days(pair))
})

test('a CA vouches for its domains and what is below them, and says so', () => {
  const names = ['liveperson.net', 'va.msg.liveperson.net', 'a.localhost']
  expect(names.map(ca.covers)).toEqual([true, true, true])
  const others = ['evil-liveperson.net', 'liveperson.net.evil.example', 'net', '']
  expect(others.map(ca.covers)).toEqual([false, false, false, false])
  expect(ca.domains).toEqual(domains)
})

test('two CAs have names, serials and keys of their own, and one does not open with the key of the other', async () => {
  const other = await createCa(domains)
  const [first, second] = [pair, other].map(({ certificate }) => new X509Certificate(certificate))
  expect(first?.subject).not.toBe(second?.subject)
  expect(first?.serialNumber).not.toBe(second?.serialNumber)
  const mixed = { certificate: pair.certificate, privateKey: other.privateKey }
  await expect(openCa(mixed)).rejects.toThrow('The key is not that of the certificate')
})

test('a PEM has no empty line, whatever its length', async () => {
  for (const name of ['a', 'ab', 'abc', 'abcd', 'abcde', 'abcdef'])
    for (const text of Object.values(await ca.createLeaf(`${name}.localhost`)))
      expect(text).not.toContain('\n\n')
})

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { signWebhook, verifyWebhook } from '../../src/signature.ts'

const secret = 'mock-client-secret'
const body =
  '{"kind":"notification","body":{"changes":[{"sequence":2,"originatorId":"agent-1","originatorMetadata":{"id":"agent-1","role":"ASSIGNED_AGENT"},"serverTimestamp":1538492183879,"event":{"type":"ContentEvent","message":"Hi 😃 \u00e9","contentType":"text/plain"},"conversationId":"conv-1","dialogId":"conv-1"}]},"type":"ms.MessagingEventNotification"}'
const bytes = new TextEncoder().encode(body)
const signatures = {
  sha1: 'sha1=j4jmO44iZ8Quznrm6WCbu4vulQ8=',
  sha256: 'sha256=7X78WLnJRLlZ/8Bik3osNTM5NvLKcOui/TrE35hivGA=',
} as const
const algorithms = ['sha1', 'sha256'] as const

/** Changes one bit of the byte at `index`. */
const flip = (source: Uint8Array, index: number): Uint8Array =>
  source.map((byte, position) => (position === index ? byte ^ 1 : byte))

const flipCharacter = (text: string, index: number): string =>
  String.fromCharCode(...flip(new TextEncoder().encode(text), index))

test.each(algorithms)('signs the known body with %s as a string and as bytes', algorithm => {
  expect(bytes).toHaveLength(345)
  expect(signWebhook(body, secret, algorithm)).toBe(signatures[algorithm])
  expect(signWebhook(bytes, secret, algorithm)).toBe(signatures[algorithm])
})

test('signs with sha1 unless told otherwise', () => {
  expect(signWebhook(body, secret)).toBe(signatures.sha1)
})

test.each(algorithms)('verifies the known signature with %s', algorithm => {
  expect(verifyWebhook(body, secret, signatures[algorithm])).toBe(true)
  expect(verifyWebhook(bytes, secret, signatures[algorithm])).toBe(true)
})

test.each(algorithms)(
  'verifies %s in hexadecimal, of either case, and no digit less [WH-3]',
  algorithm => {
    const digits = Buffer.from(signatures[algorithm].replace(/^\w+=/, ''), 'base64').toString('hex')
    expect(signWebhook(body, secret, algorithm, 'hex')).toBe(`${algorithm}=${digits}`)
    for (const header of [`${algorithm}=${digits}`, `${algorithm}=${digits.toUpperCase()}`]) {
      expect(verifyWebhook(body, secret, header)).toBe(true)
      expect(verifyWebhook(body, secret, header.slice(0, -1))).toBe(false)
      expect(verifyWebhook(`${body} `, secret, header)).toBe(false)
      for (let index = 0; index < header.length; index++)
        expect(verifyWebhook(body, secret, flipCharacter(header, index))).toBe(false)
    }
  },
)

test('refuses a body with one bit changed, wherever it stands', () => {
  for (let index = 0; index < bytes.length; index++)
    expect(verifyWebhook(flip(bytes, index), secret, signatures.sha1), `byte ${index}`).toBe(false)
})

test('refuses a secret with one bit changed, wherever it stands', () => {
  for (let index = 0; index < secret.length; index++)
    expect(
      verifyWebhook(body, flipCharacter(secret, index), signatures.sha1),
      `character ${index}`,
    ).toBe(false)
})

test.each(algorithms)(
  'refuses a header of %s with one bit changed, wherever it stands',
  algorithm => {
    const header = signatures[algorithm]
    for (let index = 0; index < header.length; index++)
      expect(verifyWebhook(body, secret, flipCharacter(header, index)), `character ${index}`).toBe(
        false,
      )
  },
)

test('takes other base64 of the same bytes for another signature', () => {
  const sameBytes = 'sha1=j4jmO44iZ8Quznrm6WCbu4vulQ9='
  expect(Buffer.from(sameBytes.slice(5), 'base64')).toEqual(
    Buffer.from(signatures.sha1.slice(5), 'base64'),
  )
  expect(verifyWebhook(body, secret, sameBytes)).toBe(false)
})

test.each<[string, string | readonly string[] | undefined]>([
  ['no header', undefined],
  ['an empty header', ''],
  ['a repeated header', [signatures.sha1]],
  ['a header cut short', signatures.sha1.slice(0, -1)],
  ['a header without padding', signatures.sha1.replace(/=$/, '')],
  ['a header with one character more', `${signatures.sha1}=`],
  ['two signatures in one header', `${signatures.sha1}, ${signatures.sha1}`],
  ['a header of a million characters', `sha1=${'A'.repeat(1_000_000)}`],
  ['a prefix alone', 'sha1='],
  ['a signature without prefix', signatures.sha1.slice(5)],
  ['an unknown algorithm', `md5=${signatures.sha1.slice(5)}`],
  ['a name that every object has', `constructor=${signatures.sha1.slice(5)}`],
  ['the signature of another algorithm', `sha256=${signatures.sha1.slice(5)}`],
  ['a prefix in upper case', signatures.sha1.replace('sha1', 'SHA1')],
  ['a space in front', ` ${signatures.sha1}`],
  ['a line break at the end', `${signatures.sha1}\n`],
  ['a space after the prefix', signatures.sha1.replace('=', '= ')],
  ['base64 for URLs', signatures.sha256.replace('/', '_')],
  ['hexadecimal digits of another body', 'sha1=8f88e63b8e2267c42ece7ae6e9609bbb8bee9510'],
  ['characters of more than one byte', `sha1=${'é'.repeat(28)}`],
  ['half a surrogate pair', `sha1=${'\ud83d'.repeat(28)}`],
])('refuses %s without throwing', (_, header) => {
  expect(verifyWebhook(body, secret, header)).toBe(false)
})

test('verifies what it signed, for any bytes, any secret and both algorithms', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc.constantFrom(...algorithms),
      (payload, key, algorithm) => {
        const header = signWebhook(payload, key, algorithm)
        expect(verifyWebhook(payload, key, header)).toBe(true)
      },
    ),
  )
})

test('signs any text as its UTF-8 bytes', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...algorithms),
      (text, algorithm) => {
        const header = signWebhook(text, secret, algorithm)
        expect(verifyWebhook(new TextEncoder().encode(text), secret, header)).toBe(true)
      },
    ),
  )
})

test('keeps bytes apart that are not UTF-8', () => {
  const first = Uint8Array.of(0xff)
  const second = Uint8Array.of(0xfe)
  expect(verifyWebhook(second, secret, signWebhook(first, secret))).toBe(false)
})

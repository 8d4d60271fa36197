import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { expectReason, type SentHeaders, startHintSession } from './refused-call.ts'

const json = '{"id": "1", "type": "ms.PublishEvent"}'
const withText = (text: string): string => `{"id":"1",\n"text":${text}}`

type BodyCase = [string, string | Uint8Array, ...string[]]

const bodies: BodyCase[] = [
  ['NaN', withText('NaN'), 'NaN in line 2, column 8'],
  ['undefined', withText('undefined'), 'undefined in line 2, column 8'],
  ['None of Python', withText('None'), 'None in line 2'],
  ['a raw line feed', withText('"a\nb"'), 'a raw line feed in line 2, column 10', '\\n'],
  ['a raw tab', withText('"a\tb"'), 'a raw tab in line 2, column 10'],
  [
    'bytes of cp1252',
    Buffer.from(withText('"caf\u00e9"'), 'latin1'),
    'the byte 0xe9 at offset 22',
    'windows-1252 it is \\u00e9',
  ],
  ['UTF-16', Buffer.from(`\ufeff${json}`, 'utf16le'), 'UTF-16'],
  ['two byte order marks', `\ufeff\ufeff${json}`, 'byte order mark in line 1'],
  ['a trailing comma', withText('1,'), '} after a trailing comma in line 2, column 10'],
  ['a trailing comma in a list', withText('[1,]'), '] after a trailing comma'],
  ['single quotes', withText("'a'"), 'a single quote in line 2, column 8'],
  ['a name without quotes', '{id: 1}', 'a word without quotes in line 1, column 2'],
  ['typographic quotes', withText('\u201ca\u201d'), 'a typographic quote'],
  ['a no-break space', withText('\u00a01'), 'a no-break space'],
  ['a comment', `// hello\n${json}`, 'a comment'],
  ['a missing comma', '{"id":1 "type":2}', '" in line 1, column 9', 'a comma or }'],
  ['a missing colon', '{"id" 1}', 'where JSON wants a colon'],
  ['a leading zero', withText('007'), 'a number in a form that JSON has not'],
  ['a leading plus', withText('+1'), 'a number in a form that JSON has not'],
  ['a leading dot', withText('.5'), 'a number in a form that JSON has not'],
  ['another escape', withText('"\\x41"'), 'no escape of JSON'],
  ['two values', `${json}\n${json}`, '{ in line 2, column 1', 'the end'],
  ['a body cut off', json.slice(0, -3), 'the end of the text'],
  ['a form', 'id=1&type=ms.PublishEvent', 'a form'],
  ['a form of one field', 'payload=%7B%7D', 'a form'],
  ['XML', '<request/>', 'XML'],
  ['[object Object]', '[object Object]', 'converted to text'],
  ['an empty body', '', 'no text'],
  ['more than 100 levels', '['.repeat(200) + ']'.repeat(200), 'at most 100 levels'],
  ['gzip that no header names', gzipSync(json), 'gzip', 'without a Content-Encoding'],
]

test.each<BodyCase>(bodies)(
  'says what is no JSON, and where: %s [RES-9a]',
  async (_, body, ...says) => {
    await using session = await startHintSession()
    const refused = await session.refuse(
      { 'Content-Length': String(Buffer.byteLength(body)) },
      body,
    )
    expect([refused.status, refused.code]).toEqual([400, 40050])
    expectReason(refused, ...says)
  },
)

type EncodingCase = [string, SentHeaders, string | Uint8Array, number, ...string[]]

const encodings: EncodingCase[] = [
  ['zstd', { 'Content-Encoding': 'zstd' }, json, 41551, 'encoding "zstd"', 'gzip, deflate, br'],
  ['GZIP of plain JSON', { 'Content-Encoding': 'GZIP' }, json, 40050, 'not in the encoding GZIP'],
  ['gzip twice', { 'Content-Encoding': 'gzip, gzip' }, json, 41551, '"gzip, gzip"', 'once'],
  ['x-gzip', { 'Content-Encoding': 'x-gzip' }, json, 41551, 'the name is gzip'],
  ['a character set', { 'Content-Encoding': 'utf-8' }, json, 41551, '"utf-8"', 'Content-Type'],
  ['plain JSON as gzip', { 'Content-Encoding': 'gzip' }, json, 40050, 'not in the encoding gzip'],
  ['plain JSON as br', { 'Content-Encoding': 'br' }, json, 40050, 'not in the encoding br'],
  [
    'raw deflate',
    { 'Content-Encoding': 'deflate' },
    deflateRawSync(json),
    40050,
    'deflate',
    'RFC 1950',
  ],
  ['gzip as deflate', { 'Content-Encoding': 'deflate' }, gzipSync(json), 40050, 'encoding deflate'],
  [
    'gzip inside of gzip',
    { 'Content-Encoding': 'gzip' },
    gzipSync(gzipSync(json)),
    40050,
    'compressed twice',
  ],
  [
    'gzip cut off',
    { 'Content-Encoding': 'gzip' },
    gzipSync(json).subarray(0, 30),
    40050,
    'cut off',
  ],
]

test.each<EncodingCase>(encodings)(
  'names the encoding: %s [RES-7, RES-9a]',
  async (_, headers, body, code, ...says) => {
    await using session = await startHintSession()
    const refused = await session.refuse(headers, body)
    expect([refused.status, refused.code]).toEqual([Math.floor(code / 100), code])
    expectReason(refused, ...says)
  },
)

test('takes the encodings that it names [RES-7]', async () => {
  await using session = await startHintSession()
  for (const [name, bytes] of [
    ['gzip', gzipSync(json)],
    ['deflate', deflateSync(json)],
    ['br', brotliCompressSync(json)],
  ] as const)
    expect((await session.refuse({ 'Content-Encoding': name }, bytes)).code).toBe(40052)
})

test.each<[string, SentHeaders, ...string[]]>([
  ['none', { 'Content-Type': undefined }, 'no such header'],
  ['text', { 'Content-Type': 'text/plain;charset=utf-8' }, '"text/plain"'],
  [
    'a form',
    { 'Content-Type': 'application/x-www-form-urlencoded' },
    'application/x-www-form-urlencoded',
    'curl -d',
  ],
  ['none that is one', { 'Content-Type': 'json' }, 'no media type'],
])('names the Content-Type that came: %s [REQ-7.2, RES-9a]', async (_, headers, ...says) => {
  await using session = await startHintSession()
  const refused = await session.refuse(headers)
  expect([refused.status, refused.code]).toEqual([415, 41550])
  expectReason(refused, 'application/json', ...says)
})

test('says how much is too much, and of what [RES-9a]', async () => {
  await using session = await startHintSession()
  const large = await session.refuse({}, ' '.repeat(1_048_577))
  expect([large.status, large.code]).toEqual([413, 41350])
  expectReason(large, 'at most 1048576 bytes')
  const inflated = await session.refuse(
    { 'Content-Encoding': 'gzip' },
    gzipSync(' '.repeat(2_000_000)),
  )
  expect(inflated.code).toBe(41350)
  expectReason(inflated, 'decompressed')
  const many = await session.refuse({}, `{"id":"1","list":[${Array(10_000).fill(1).join()}]}`)
  expect([many.status, many.code]).toEqual([413, 41350])
  expectReason(many, 'at most 10000 values', 'more than 10000 values', 'limits.jsonValues')
})

test('says that a payload was encoded twice [RES-9a]', async () => {
  await using session = await startHintSession()
  const refused = await session.refuse({}, JSON.stringify(json))
  expect(refused.code).toBe(40052)
  expectReason(refused, 'encoded twice')
  // The reason of the status comes before the problem of the payload, which has another place.
  expect(refused.problems).toHaveLength(2)
  const inner = await session.refuse({}, JSON.stringify({ ...JSON.parse(json), body: json }))
  expect(inner.hint).toContain('encoded twice')
})

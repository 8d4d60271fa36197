import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import {
  accountId,
  conversationId,
  isWell,
  startSession,
  stateOf,
  toCodes,
  toPublish,
  toText,
} from './session.ts'

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map(part => Buffer.from(part as string)))
const arrays = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
const listOf = (count: number, element: string) => Array(count).fill(element).join()
const receipt = (numbers: string) =>
  toPublish(`{"type":"AcceptStatusEvent","status":"READ","sequenceList":[${numbers}]}`)
const update = (fields: string) =>
  `{"id":"1","type":"cm.UpdateConversationField","body":{"conversationId":"${conversationId}","conversationField":[${fields}]}}`
const gzip = { 'Content-Encoding': 'gzip' }

test.each<[string, string | Uint8Array, number, number, object?]>([
  ['no bytes', '', 400, 40050],
  ['a lone byte', bytes([0xff]), 400, 40050],
  ['bytes that are no UTF-8 in a text', bytes('{"id":"', [0xc3, 0x28], '"}'), 400, 40050],
  ['an overlong encoding', bytes('{"id":"', [0xc0, 0xaf], '"}'), 400, 40050],
  ['UTF-16', Buffer.from(toText('x'), 'utf16le'), 400, 40050],
  ['NUL bytes', Buffer.alloc(1000), 400, 40050],
  ['JSON that breaks off', toText('x').slice(0, -1), 400, 40050],
  ['two JSON values', `${toText('x')}${toText('y')}`, 400, 40050],
  ['a comment', `/**/${toText('x')}`, 400, 40050],
  ['NaN', receipt('NaN'), 400, 40050],
  ['100,000 arrays in each other', arrays(100_000), 400, 40050],
  ['100,000 objects in each other', objects(100_000), 400, 40050],
  [
    '100,000 arrays in an unchecked metadata',
    toText('x', `,"metadata":[{"type":"X","x":${arrays(100_000)}}]`),
    400,
    40050,
  ],
  [
    '100,000 objects in a card',
    toPublish(`{"type":"RichContentEvent","content":${objects(100_000)}}`),
    400,
    40050,
  ],
  ['101 levels', `{"x":${arrays(100)}}`, 400, 40050],
  ['100,000 arrays that are not closed', '['.repeat(100_000), 400, 40050],
  ['a lone surrogate as an escape', toText('x').replace('"x"', '"\\ud800"'), 200, 0],
  ['the same key twice', '{"id":"1","type":"ms.PublishEvent","type":"x"}', 400, 40053],
  ['a number beyond all numbers', receipt('1e999'), 400, 40052],
  ['a fraction for a number', receipt('0.5'), 400, 40052],
  ['a negative zero', receipt('-0'), 200, 0],
  ['a type out of the prototype', '{"id":"1","type":"constructor","body":{}}', 400, 40053],
  ['an event out of the prototype', toPublish('{"type":"__proto__"}'), 400, 40052],
  ['a field out of the prototype', update('{"field":"toString"}'), 400, 40052],
  ['200,000 wrong metadata', toText('x', `,"metadata":[${listOf(200_000, '1')}]`), 413, 41350],
  ['150,000 wrong numbers', receipt(listOf(150_000, '"a"')), 413, 41350],
  ['100,000 wrong fields', update(listOf(100_000, '{}')), 413, 41350],
  ['9,000 wrong metadata', toText('x', `,"metadata":[${listOf(9_000, '1')}]`), 400, 40052],
  [
    '9,000 unknown fields',
    toText('x', Array.from({ length: 9_000 }, (_, i) => `,"key${i}":1`).join('')),
    200,
    0,
  ],
  ['a key of 1 MB', toText('x', `,"${'k'.repeat(1_000_000)}":1`), 200, 0],
  ['one byte more than 1 MiB', toText('x'.repeat(1_048_577 - toText('').length)), 413, 41350],
  ['exactly 1 MiB', toText('x'.repeat(1_048_576 - toText('').length)), 200, 0],
  ['10 MB', 'x'.repeat(10_000_000), 413, 41350],
  ['50 MB in 50 KB of gzip', gzipSync(Buffer.alloc(50_000_000, 32)), 413, 41350, gzip],
  ['bytes that are no gzip', 'no gzip', 400, 40050, gzip],
  ['gzip that breaks off', gzipSync(toText('x')).subarray(0, 40), 400, 40050, gzip],
  [
    'gzip with a wrong checksum',
    gzipSync(toText('x')).map((byte, index, all) => (index < all.length - 8 ? byte : 0)),
    400,
    40050,
    gzip,
  ],
  ['gzip twice', gzipSync(gzipSync(toText('x'))), 415, 41551, { 'Content-Encoding': 'gzip, gzip' }],
  ['an unknown encoding', toText('x'), 415, 41551, { 'Content-Encoding': '__proto__' }],
  ['a Content-Type without a type', toText('x'), 415, 41550, { 'Content-Type': '/' }],
  [
    'a Content-Type with 5,000 parameters',
    toText('x'),
    200,
    0,
    { 'Content-Type': `application/json${';a=b'.repeat(3000)}` },
  ],
  ['Client-Properties of 6,000 levels', toText('x'), 200, 0, { 'Client-Properties': arrays(6000) }],
  [
    'Client-Properties with prototype keys',
    toText('x'),
    200,
    0,
    { 'Client-Properties': '{"__proto__":{"polluted":1},"features":{"__proto__":1}}' },
  ],
])('a body of %s gets its answer, and the mock goes on', async (_, body, status, code, headers) => {
  await using session = await startSession()
  const received = await session.send({ body, headers: { ...headers } })
  expect(toCodes(received)).toEqual([[status, code]])
  expect(received.isClosed).toBe(true)
  expect(await stateOf(session)).toEqual(isWell)
})

test.each([
  [
    'request',
    toText('x', ',"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}'),
  ],
  [
    'event',
    toPublish(
      '{"type":"ContentEvent","contentType":"text/plain","message":"x","__proto__":{"polluted":1}}',
    ),
  ],
  ['metadata', toText('x', ',"metadata":[{"type":"__proto__","__proto__":{"polluted":1}}]')],
  [
    'card',
    toPublish(
      '{"type":"RichContentEvent","content":{"type":"text","__proto__":{"polluted":1},"hasOwnProperty":1}}',
    ),
  ],
  ['profile', '{"id":"1","type":"userprofile.SetUserProfile","body":{"__proto__":{"polluted":1}}}'],
])('prototype keys in a %s change no other object', async (_, body) => {
  await using session = await startSession()
  expect(toCodes(await session.send({ body }))).toEqual([[200, 0]])
  expect(await stateOf(session)).toEqual(isWell)
})

test('the control API refuses 100,000 values', async () => {
  await using session = await startSession()
  const response = await fetch(`${session.server.url}/__sendbox/accounts/${accountId}/faults`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: `[${listOf(100_000, '1')}]`,
  })
  expect([response.status, await response.json()]).toEqual([
    413,
    { title: 'Payload Too Large', details: 'The body of this call has more than 10000 values' },
  ])
  expect(await stateOf(session)).toEqual(isWell)
})

test.each(['app-install', 'clock', `conversations/${conversationId}/agent`, 'faults'])(
  'the control API refuses 100,000 levels at %s',
  async path => {
    await using session = await startSession()
    const method = path.includes('/') || path === 'faults' ? 'POST' : 'PUT'
    const response = await fetch(`${session.server.url}/__sendbox/accounts/${accountId}/${path}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: `{"capabilities":${objects(100_000)}}`,
    })
    expect(response.status).toBe(400)
    expect(await stateOf(session)).toEqual(isWell)
  },
)

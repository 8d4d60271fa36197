import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { redactBodyText } from '../../../src/redact/request.ts'
import { redactProblem, redactSecrets, redactText } from '../../../src/redact/secrets.ts'
import { countSteps } from './count-steps.ts'

const token = 'eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiIxIn0.c2lnbmF0dXJl-_x'

test.each([
  ['a JWT anywhere', `see ${token}!`, 'see <redacted>!'],
  ['a JWT that was cut off', token.slice(0, 30), '<redacted>'],
  ['a bearer token', 'Bearer 0123456789abcdef0123', 'Bearer <redacted>'],
  ['a query', '?v=3&temp_url_sig=abc&x=1', '?v=3&temp_url_sig=<redacted>&x=1'],
  ['a form', 'client_id=a&client_secret=b+c%26d', 'client_id=a&client_secret=<redacted>'],
  ['a form whose names are escaped', 'a=1&client%5Fsecre%74=b', 'a=1&client_secret=<redacted>'],
  ['JSON that breaks off', '{"client_secret":"abc', '{"client_secret":"<redacted>'],
  [
    'JSON in JSON',
    String.raw`{\"token\": \"abc\", \"a\": 1}`,
    String.raw`{\"token\": \"<redacted>\", \"a\": 1}`,
  ],
  ['JSON with escapes', String.raw`{"t\u006fken":"abc"`, '{"token":"<redacted>"'],
  [
    'headers',
    'Authorization: Basic YTpi c\nCookie: a=b; c=d\nA: b',
    'Authorization: <redacted>\nCookie: <redacted>\nA: b',
  ],
  [
    'the value of a webhook header, in a body that is not read as JSON',
    '{"header_value":"Bearer hush","a":1}',
    '{"header_value":"<redacted>","a":1}',
  ],
  ['a secret that is given', 'my s3cret-word is s3cret-word', 'my <redacted> is <redacted>'],
])('blots out %s', (_, text, shown) => {
  expect(redactText(text, ['s3cret-word'])).toBe(shown)
})

test.each([
  ['as JSON writes it', JSON.stringify(['a"b/c~d\u00e9']), '["<redacted>"]'],
  ['in a JSON Pointer', '/body/a"b~1c~0d\u00e9/0', '/body/<redacted>/0'],
  ['in a path', `/v1/${encodeURIComponent('a"b/c~d\u00e9')}`, '/v1/<redacted>'],
])('blots out a given secret %s', (_, text, shown) => {
  expect(redactText(text, ['a"b/c~d\u00e9'])).toBe(shown)
})

test('redacts a given secret from six characters on, as shorter ones are parts of words', () => {
  expect(redactText('hush6! and hush5', ['hush6!', 'hush5'])).toBe('<redacted> and hush5')
})

test('blots out what a problem quotes, if its place has the name of a secret', () => {
  const toProblem = (path: string, received: string) => ({
    path,
    received,
    message: `${path}: expected no such field, received ${received}`,
  })
  expect(redactProblem(toProblem('/body/api_key', '"hush"'))).toEqual(
    toProblem('/body/api_key', '<redacted>'),
  )
  for (const kept of [toProblem('/body/id', '"hush"'), toProblem('/token', 'nothing')])
    expect(redactProblem(kept)).toEqual(kept)
})

test.each([
  ['of a misspelt name that was probably a secret', '/clientScret', '"hush"', '<redacted>'],
  ['whose place has the same text', '/7/pin', '7', '<redacted>'],
  ['of a part of a secret', '/clientSecret/deep/0', '"hush"', '<redacted>'],
  ['of an element of a list of tokens', '/tokens/0', '"hush"', '<redacted>'],
  ['of a field of settings of tokens', '/settings/token/expiresIn', '"no"', '"no"'],
  ['that is a short secret', '/id', '"s3c"', '"<redacted>"'],
  ['that is a secret of digits', '/id', '123', '"<redacted>"'],
  ['that has a secret in a field', '/id', '{"pin":[1,"a b"]}', '{"pin":"<redacted>"}'],
  ['that is shortened', '/id', '{"a":1,"pin":[1,"a b\u2026', '{"a":1,"pin":<redacted>\u2026'],
  ['that is shortened in a known secret', '/id', '["long-sec\u2026', '["<redacted>\u2026'],
])('blots out what a problem quotes %s', (_, path, received, shown) => {
  const hint = path === '/clientScret' ? ' (did you mean "clientSecret"?)' : ''
  const toProblem = (quoted: string) => ({
    path,
    received: quoted,
    message: `${path}: expected another value, received ${quoted}${hint}`,
  })
  expect(redactProblem(toProblem(received), ['s3c', '123', 'long-secret'])).toEqual(
    toProblem(shown),
  )
})

test('blots out by its values JSON that was not read as JSON', () => {
  const shown = (text: string) => redactBodyText(text, 'application/json', [])
  expect(shown('{"Client_Secret": [["hush"], "hush"]}')).toBe('{"Client_Secret":"<redacted>"}')
  expect(shown('{"Client_Secret": [["hush"')).toBe('{"Client_Secret": [["<redacted>"')
  expect(shown('{"id": 1}')).toBe('{"id": 1}')
})

test.each([
  'Basic understanding of a token',
  '/body/pushNotificationData/token: expected string, received 5',
  '100% of %41 and \\u0041',
  '{"message":"hi","id":"1"}',
  'is on',
])('leaves %s as it is', text => {
  expect(redactText(text, ['on'])).toBe(text)
})

test('blots out values by their name, at any depth, and names that are tokens themselves', () => {
  const inner = {
    clientSecret: 'a',
    access_token: 'b',
    'X-LP-ON-BEHALF': 'c',
    pushNotificationData: { token: 5, header_value: ['d'] },
    client_secret: { nested: 'e' },
    cookie: ['f'],
    [token]: 'g',
  }
  expect(redactSecrets([{ inner, token: { expiresIn: true } }])).toEqual([
    {
      inner: {
        clientSecret: '<redacted>',
        access_token: '<redacted>',
        'X-LP-ON-BEHALF': '<redacted>',
        pushNotificationData: { token: '<redacted>', header_value: '<redacted>' },
        client_secret: '<redacted>',
        cookie: '<redacted>',
        '<redacted>': 'g',
      },
      token: { expiresIn: true },
    },
  ])
})

test('cuts off what is nested too deeply to be written as JSON', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`)
  expect(JSON.stringify(redactSecrets(deep))).toBe(
    `${'['.repeat(100)}"<deeper than 100 levels>"${']'.repeat(100)}`,
  )
})

test('leaves JSON without secrets as it is', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4, stringUnit: fc.constantFrom('x', 'y', ' ', '1') }), json => {
      expect(redactSecrets(JSON.parse(json))).toEqual(JSON.parse(json))
    }),
  )
})

const words = 'eyJ ey token secret behalf api temp_url_sig cookie Bearer x'
const signs = String.raw`" \ : = :// / @ % %65 . -`
const fragments = [' ', '\n', ...words.split(' '), ...signs.split(' ')]

test('takes twice the steps for twice the text, whatever the text repeats', () => {
  const toSteps = (text: string) => countSteps(() => redactText(text))
  const slow = ['', ...fragments].flatMap(begin =>
    fragments.filter(unit => {
      const toText = (length: number) => begin + unit.repeat(length / unit.length)
      return toSteps(toText(240)) > 2.3 * toSteps(toText(120))
    }),
  )
  expect(slow).toEqual([])
})

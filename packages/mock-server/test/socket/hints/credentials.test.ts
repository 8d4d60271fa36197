import { expect, test } from 'vitest'
import { expectReason, type SentHeaders, startHintSession } from './refused-call.ts'

const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
const json = { 'Content-Type': 'application/json' }
const basic = (id: string, secret: string): SentHeaders => ({
  Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
})
const path = '/sentinel/api/account/12345678/app/token?v=1.0&grant_type=client_credentials'
const secret = 'p%ss:w+rd /&='
const accounts = { '12345678': { installs: [{ clientId: 'app', clientSecret: secret }] } }
const encoded = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1)

test.each<[string, SentHeaders]>([
  ['plain', basic('app', secret)],
  ['form-encoded, as OAuth says', basic('app', encoded(secret))],
  [
    'after a scheme in small letters',
    { Authorization: basic('app', secret)['Authorization']?.toString().replace('Basic', 'basic') },
  ],
])('takes HTTP Basic %s, in as-service mode alone [EP-12a]', async (_, headers) => {
  await using session = await startHintSession({ accounts })
  const taken = await session.call({ url: session.server.url + path, headers })
  expect([taken.status, taken.headers['x-sendbox-rules']]).toEqual([
    200,
    expect.stringContaining('EP-12a'),
  ])
  await using strict = await startHintSession({ accounts, settings: { mode: 'strict' } })
  const refused = await strict.call({ url: strict.server.url + path, headers })
  expect([refused.status, refused.code]).toEqual([401, 'invalid_client'])
  expect(refused.headers['www-authenticate']).toBe('Basic')
  expectReason(refused, 'HTTP Basic', 'strict mode')
})

type Case = [string, SentHeaders, string, number, string, ...string[]]

const cases: Case[] = [
  [
    'Basic and a form',
    { ...form, ...basic('app', secret) },
    'client_id=app',
    400,
    'invalid_request',
    'together',
  ],
  [
    'a wrong secret by Basic',
    basic('app', 'wrong'),
    '',
    401,
    'invalid_client',
    'a wrong client_secret',
  ],
  [
    'Basic that is no base64',
    { Authorization: 'Basic app:secret' },
    '',
    401,
    'invalid_client',
    'no base64 of id:secret',
  ],
  [
    'an AppJWT',
    { Authorization: 'Bearer abcdefghijklmnop' },
    '',
    401,
    'invalid_client',
    'another scheme',
    'no token is needed',
  ],
  [
    'a JSON body',
    json,
    JSON.stringify({ client_id: 'app', client_secret: secret }),
    401,
    'invalid_client',
    'a JSON body is not read',
  ],
  [
    'a JSON body of another type',
    { 'Content-Type': 'application/vnd.api+json' },
    '{"client_id":"app"}',
    401,
    'invalid_client',
    'a JSON body',
  ],
  [
    'a multipart body',
    { 'Content-Type': 'multipart/form-data; boundary=x' },
    '--x\r\n\r\n--x--',
    401,
    'invalid_client',
    'a multipart body is not read',
  ],
  ['a form without its type', {}, 'client_id=app', 401, 'invalid_client', 'without a Content-Type'],
  [
    'a form as text',
    { 'Content-Type': 'text/plain' },
    'client_id=app',
    401,
    'invalid_client',
    'of another Content-Type',
  ],
  ['no credentials', {}, '', 401, 'invalid_client', 'no client_id or client_secret'],
  ['no secret', form, 'client_id=app', 401, 'invalid_client', 'received no client_secret'],
  ['other names', form, 'clientId=app&clientSecret=x', 401, 'invalid_client', '"clientId"'],
  [
    'the word undefined',
    form,
    'client_id=undefined&client_secret=undefined',
    401,
    'invalid_client',
    'the word undefined',
  ],
  [
    'another id',
    form,
    'client_id=ap&client_secret=x',
    401,
    'invalid_client',
    'unknown client_id',
    '"app"',
  ],
  [
    'another secret',
    form,
    'client_id=app&client_secret=x',
    401,
    'invalid_client',
    'wrong client_secret',
  ],
  [
    'the two swapped',
    form,
    new URLSearchParams({ client_id: secret, client_secret: 'app' }).toString(),
    401,
    'invalid_client',
    'swapped',
  ],
  [
    'white space around',
    form,
    new URLSearchParams({ client_id: 'app', client_secret: `${secret}\n` }).toString(),
    401,
    'invalid_client',
    'white space',
  ],
  [
    'quotes around',
    form,
    new URLSearchParams({ client_id: '"app"', client_secret: secret }).toString(),
    401,
    'invalid_client',
    'in quotes',
  ],
  [
    'escapes twice',
    form,
    new URLSearchParams({ client_id: 'app', client_secret: encodeURIComponent(secret) }).toString(),
    401,
    'invalid_client',
    'encoded twice',
  ],
  [
    'two secrets',
    form,
    'client_id=app&client_secret=x&client_secret=y',
    400,
    'invalid_request',
    'client_secret',
    'different values',
  ],
  [
    'an encoding',
    { ...form, 'Content-Encoding': 'zstd' },
    'client_id=app',
    400,
    'invalid_request',
    '"zstd"',
  ],
]

test.each<Case>(cases)(
  'says why %s is no way to an AppJWT [EP-12.2, EP-12a, RES-9a]',
  async (_, headers, body, status, error, ...says) => {
    await using session = await startHintSession({ accounts })
    const refused = await session.call({ url: session.server.url + path, headers, body })
    expect([refused.status, refused.code]).toEqual([status, error])
    expectReason(refused, ...says)
  },
)

test.each<[string, SentHeaders, string, string, ...string[]]>([
  ['grantType=client_credentials', {}, '', 'invalid_request', '"grantType"'],
  ['', json, '{"grant_type":"client_credentials"}', 'invalid_request', 'a JSON body is not read'],
  ['', {}, '', 'invalid_request', 'received nothing'],
  ['grant_type=password', {}, '', 'unsupported_grant_type', 'expected client_credentials'],
  ['grant_type=client_credential', {}, '', 'unsupported_grant_type', 'nearly'],
])(
  'says which grant type came with "%s" %o %s [EP-12.2, RES-9a]',
  async (query, headers, body, error, ...says) => {
    await using session = await startHintSession({ accounts })
    const url = `${session.server.url}${path.replace(/\?.*$/, '')}?${query}`
    const refused = await session.call({ url, headers, body })
    expect([refused.status, refused.code]).toEqual([400, error])
    expectReason(refused, ...says)
  },
)

test('names the body that is not read in error_description too [EP-12a]', async () => {
  await using session = await startHintSession({ accounts })
  const answer = await fetch(session.server.url + path, {
    method: 'POST',
    headers: json,
    body: '{"client_id":"app"}',
  })
  expect(await answer.json()).toEqual({
    error: 'invalid_client',
    error_description: 'client_id and client_secret are missing: a JSON body is not read',
  })
})

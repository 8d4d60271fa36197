import { expect, test } from 'vitest'
import { createClient } from '../../src/index.ts'

const options = { accountId: '1', clientId: 'id', clientSecret: 'hush' }

test.each(['accountId', 'clientId', 'clientSecret'])('an empty %s is a TypeError', name => {
  const mistake = new TypeError(`${name} must be a non-empty string`)

  expect(() => createClient({ ...options, [name]: '' })).toThrow(mistake)
  expect(() => createClient({ ...options, [name]: undefined })).toThrow(mistake)
})

test.each(['127.0.0.1:4020', 'ftp://host', 'http://host/path', 'http://me:hush@host', ''])(
  'the domainApiUrl %j is a TypeError that repeats nothing of it',
  domainApiUrl => {
    expect(() => createClient({ ...options, domainApiUrl })).toThrow(
      new TypeError(
        'domainApiUrl must be scheme, host and port, such as "http://127.0.0.1:4020", and nothing else',
      ),
    )
  },
)

test.each(['http://127.0.0.1:4020', 'https://domain.example/'])(
  'the domainApiUrl %j is taken',
  async domainApiUrl => {
    await using client = createClient({ ...options, domainApiUrl })

    expect(client.consumer('alice').extConsumerId).toBe('alice')
  },
)

test('an empty name of a consumer or a conversation is a TypeError', async () => {
  await using client = createClient(options)

  expect(() => client.consumer('')).toThrow(
    new TypeError('extConsumerId must be a non-empty string'),
  )
  expect(() => client.conversation('', { consumer: 'a' })).toThrow(
    new TypeError('conversationId must be a non-empty string'),
  )
  expect(() => client.conversation('c', { consumer: '' })).toThrow(
    new TypeError('consumer must be a non-empty string'),
  )
})

test.each([
  ['timeoutMs', 0],
  ['headersTimeoutMs', -1],
  ['connectTimeoutMs', Number.NaN],
  ['maxConnections', 0],
  ['keepAliveTimeoutMs', 0],
  ['maxWaiting', 0],
  ['maxResponseBytes', 0],
])('a %s of %j is a RangeError', (name, value) => {
  expect(() => createClient({ ...options, [name]: value })).toThrow(
    new RangeError(`${name} must be over 0, received ${value}`),
  )
})

test.each([-1, Number.NaN])('a maxRetries of %j is a RangeError', maxRetries => {
  expect(() => createClient({ ...options, maxRetries })).toThrow(
    new RangeError(`maxRetries must be 0 or more, received ${maxRetries}`),
  )
})

test.each(['proxy:3128', 'socks5://me:hush@proxy', ''])(
  'the proxy %j is a TypeError that repeats nothing of it',
  proxy => {
    expect(() => createClient({ ...options, proxy })).toThrow(
      new TypeError('proxy must be a URL such as "http://proxy:3128"'),
    )
  },
)

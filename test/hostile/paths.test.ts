import { expect, test } from 'vitest'
import { exchange, toRequest } from './raw-socket.ts'
import { isWell, startSession, stateOf, toCodes, toText } from './session.ts'

const domain = (account: string) =>
  `/api/account/${account}/service/sentinel/baseURI.json?version=1.0`
const file = (path: string) =>
  `/v1/AUTH_async-images/${path}?temp_url_sig=${'0'.repeat(40)}&temp_url_expires=9999999999`

test.each<[string, string, number, number]>([
  ['dots', '/api/account/../../etc/passwd', 501, 50151],
  ['encoded dots', '/%2e%2e/%2e%2e/etc/passwd', 404, 40452],
  ['dots out of the control API', '/__sendbox/../__sendbox/health', 404, 0],
  ['two slashes at its beginning', `/${domain('1')}`, 404, 40452],
  ['two slashes inside', domain('1').replace('/account', '//account'), 404, 40452],
  ['a backslash', domain('1').replaceAll('/', '\\').replace('\\', '/'), 404, 40452],
  ['a lone percent sign', domain('%'), 404, 40452],
  ['an escape that is no UTF-8', domain('%ff'), 404, 40452],
  ['another case', domain('1').replace('/api', '/API'), 404, 40452],
  ['a host of its own', `http://other${domain('1')}`, 200, 0],
  ['an asterisk', '*', 404, 40452],
  ['an escaped slash in the account', domain('a%2Fb'), 200, 0],
  ['a NUL in the account', domain('%00'), 200, 0],
  ['dots as the account', domain('%2e%2e'), 200, 0],
  ['emoji as the account', domain('%F0%9F%98%80'), 200, 0],
  ['15,000 characters as the account', domain('a'.repeat(15_000)), 200, 0],
  ['20,000 characters as the account', domain('a'.repeat(20_000)), 431, 0],
  ['the prototype as the account', domain('__proto__'), 200, 0],
  ['the prototype as the service', domain('1').replace('sentinel', '__proto__'), 404, 40453],
  ['a constructor as the service', domain('1').replace('sentinel', 'constructor'), 404, 40453],
  ['the version twice', `${domain('1')}&version=1.0`, 400, 40062],
  ['the version as a list', domain('1').replace('version', 'version[]'), 400, 40062],
  ['the prototype in its query', `${domain('1')}&__proto__[polluted]=1&constructor=1`, 200, 0],
  [
    '3,000 parameters before the version',
    domain('1').replace('?', `?${'a=1&'.repeat(3000)}`),
    400,
    40062,
  ],
  ['dots in a file', file('1/../../../etc/passwd'), 404, 40452],
  ['escaped dots in a file', file('%2e%2e%2f%2e%2e%2fetc/passwd'), 401, 40151],
  ['a NUL in a file', file('12345678/a%00.PNG'), 401, 40151],
  [
    'letters beyond ASCII in a signature',
    file('1/a.PNG').replace('000', '%C3%A90%C3%A9'),
    401,
    40151,
  ],
  ['a file without a name', file('12345678/'), 404, 40452],
])(
  'a path with %s is answered as any other, and the mock goes on',
  async (_, path, status, code) => {
    await using session = await startSession()
    const { host } = new URL(session.server.url)
    const bytes = toRequest({ method: 'GET', path, headers: { Host: host, Connection: 'close' } })
    const received = await exchange(session.server.url, bytes)
    expect(toCodes(received)).toEqual([[status, code]])
    expect(await stateOf(session)).toEqual(isWell)
  },
)

test.each(['__proto__', 'constructor', 'toString', '%00', '..%2F12345678', '12345678%20'])(
  'the account %s is one of its own, with nothing in it',
  async account => {
    await using session = await startSession()
    const base = `${session.server.url}/api/account/${account}`
    const foreign = await session.send({
      path: `/api/account/${account}/messaging/consumer/conversation/send?v=3`,
    })
    expect(toCodes(foreign)).toEqual([[401, 40102]])
    const conversations = await fetch(
      `${session.server.url}/__sendbox/accounts/${account}/conversations`,
    )
    expect(await conversations.json()).toEqual([])
    const { access_token } = (await (
      await fetch(
        `${base.replace('/api', '/sentinel/api')}/app/token?grant_type=client_credentials&client_id=sendbox-client&client_secret=sendbox-secret`,
        { method: 'POST' },
      )
    ).json()) as { access_token: string }
    const { token } = (await (
      await fetch(`${base}/consumer`, {
        method: 'POST',
        headers: { Authorization: access_token, 'Content-Type': 'application/json' },
        body: '{"ext_consumer_id":"__proto__"}',
      })
    ).json()) as { token: string }
    const answer = await fetch(`${base}/messaging/consumer/conversation/send?v=3`, {
      method: 'POST',
      headers: {
        Authorization: access_token,
        'X-LP-ON-BEHALF': token,
        'Content-Type': 'application/json',
      },
      body: toText('into another account'),
    })
    expect([answer.status, await answer.json()]).toMatchObject([
      404,
      { body: { errorCode: 40451 } },
    ])
    expect(await stateOf(session)).toEqual(isWell)
  },
)

import { PassThrough } from 'node:stream'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLog } from '../../../src/cli/log.ts'
import type { TerminalOutput } from '../../../src/cli/terminal.ts'
import { call, startConsumerSession, text } from '../consumer-session.ts'
import { rawCall } from '../raw-call.ts'

/** A stream that nobody reads takes no more bytes than this: the log is read as a whole. */
const maxLogBytes = 2 ** 26

/** One request that has a secret somewhere; the default is a good SEND. */
interface Sent {
  readonly headers?: Readonly<Record<string, string>>
  /** Appended to the query. */
  readonly query?: string
  readonly path?: string
  readonly body?: string
  readonly contentType?: string
  /** A request line of its own. */
  readonly target?: string
}

type Place = (secret: string) => Sent

const headerNames =
  `Authorization Proxy-Authorization X-LP-ON-BEHALF Cookie X-API-Key X-LivePerson-Signature Authentication X-Auth
  X-Key X-Access-Key X-Session X-Csrf X-Signature X-Credential Forwarded Referer X-Forwarded-For X-Own X-Auth-Token Set-Cookie
  If-None-Match X-Request-Id`.split(/\s+/)

const fieldNames =
  `client_secret clientSecret access_token refresh_token token jwt password passwd pwd passphrase private_key privateKey
  credentials sessionId session_id auth bearer pin api_key apiKey cookie authorization signature temp_url_sig X-LP-ON-BEHALF`.split(
    /\s+/,
  )

const multipart = (name: string, secret: string): string =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${secret}\r\n--b--\r\n`

const form = 'application/x-www-form-urlencoded'
const encode = encodeURIComponent

const places: Readonly<Record<string, Place>> = {
  ...Object.fromEntries(
    headerNames.map(name => [`header ${name}`, secret => ({ headers: { [name]: secret } })]),
  ),
  ...Object.fromEntries(
    fieldNames.flatMap((name): [string, Place][] => [
      [`query ${name}`, secret => ({ query: `&${encode(name)}=${encode(secret)}` })],
      [`field ${name}`, secret => ({ body: JSON.stringify({ a: [{ [name]: secret }] }) })],
      [
        `form field ${name}`,
        secret => ({ contentType: form, body: `a=1&${encode(name)}=${encode(secret)}` }),
      ],
      [`broken JSON with ${name}`, secret => ({ body: `{"${name}":"${secret}"` })],
      [
        `text with ${name}`,
        secret => ({ body: JSON.stringify({ message: `see ?${name}=${secret}` }) }),
      ],
      [
        `multipart ${name}`,
        secret => ({
          contentType: 'multipart/form-data; boundary=b',
          body: multipart(name, secret),
        }),
      ],
      [`multipart ${name} as JSON`, secret => ({ body: multipart(name, secret) })],
    ]),
  ),
  'a query parameter of any name': secret => ({ query: `&a=${encode(secret)}` }),
  'a query without a name': secret => ({ query: `&${encode(secret)}` }),
  'a form field of any name': secret => ({ contentType: form, body: `a=${encode(secret)}` }),
  'a form without a name': secret => ({ contentType: form, body: encode(secret) }),
  'a text': secret => ({ contentType: 'text/plain', body: secret }),
  XML: secret => ({ contentType: 'application/xml', body: `<token>${secret}</token>` }),
  bytes: secret => ({ contentType: 'application/octet-stream', body: secret }),
  'no JSON': secret => ({ body: secret }),
  'an unknown path': secret => ({ path: `/api/account/12345678/nowhere/${encode(secret)}` }),
  'another service': secret => ({ path: `/csdr/account/12345678/${encode(secret)}/x` }),
  'a bearer token in a text': secret => ({
    body: JSON.stringify({ message: `Bearer ${secret.padEnd(20, '0')}` }),
  }),
  'the password of a URL': secret => ({
    body: JSON.stringify({ endpoint: `https://me:${encode(secret)}@example.com/` }),
  }),
  'Client-Properties': secret => ({
    headers: { 'Client-Properties': JSON.stringify({ token: secret, auth: secret }) },
  }),
  ...Object.fromEntries(
    ['http://a:99999999', 'http://[::1', 'http://a:b', 'http://1.2.3.4.5'].map(origin => [
      `the bad target ${origin}`,
      secret => ({
        target: `${origin}/sentinel/api/account/12345678/app/token?v=1.0&client_secret=${encode(secret)}`,
      }),
    ]),
  ),
}

const secret = fc
  .array(fc.constantFrom(...'abcdefXYZ0123456789_-.~'.split('')), { minLength: 5, maxLength: 40 })
  .map(signs => `Q${signs.join('')}`)

const createOutput = (isTTY: boolean): TerminalOutput & { read(): unknown } =>
  Object.assign(new PassThrough({ highWaterMark: maxLogBytes }), { isTTY })

test.each([true, false])(
  'shows no secret of any place in journal, near miss, hint, metric or the log of production (terminal: %s) [RES-9a]',
  async isTTY => {
    const output = createOutput(isTTY)
    await using session = await startConsumerSession({ log: createLog('debug', output) })
    const { server, accountId, sendUrl, headers, conversationId } = session
    const control = `${server.url}/__sendbox/accounts/${accountId}`
    const good = JSON.stringify({
      id: '1',
      type: 'ms.PublishEvent',
      body: { dialogId: conversationId, event: text('hi') },
    })
    const statuses = new Set<number>()
    const send = async (sent: Sent): Promise<string> => {
      const { query = '', path, body = good, contentType = 'application/json', target } = sent
      if (target !== undefined) return (await rawCall({ url: server.url, target })).text
      const url = path === undefined ? `${sendUrl}${query}` : `${server.url}${path}`
      const all = { ...headers, 'Content-Type': contentType, ...sent.headers }
      const response = await call(url, { method: 'POST', headers: all, body })
      statuses.add(response.status)
      return `${response.status} ${JSON.stringify([...response.headers])} ${response.text}`
    }
    const ask = async (path: string, body: unknown): Promise<string> => {
      const init = { method: 'POST', headers: { 'Content-Type': 'application/json' } }
      return (await call(control + path, { ...init, body: JSON.stringify(body) })).text
    }
    const findLeak = async (name: string, hidden: string): Promise<string | undefined> => {
      server.account().requests.clear()
      const answer = await send((places[name] as Place)(hidden))
      const [entry] = server.account().requests.list({ limit: 1 })
      const shown = [
        answer,
        JSON.stringify(entry ?? null),
        (await call(`${control}/requests?limit=1`)).text,
        await ask('/verify', { match: { after: (entry?.id ?? 1) - 1 }, shape: { no: 1 } }),
        String(output.read()),
      ]
      return shown.find(words => words.includes(hidden) || words.includes(encode(hidden)))
    }

    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(places)), secret, async (name, hidden) => {
        expect([name, await findLeak(name, hidden)]).toEqual([name, undefined])
      }),
      { numRuns: 50 },
    )
    const leaks: unknown[] = []
    for (const name of Object.keys(places)) {
      const leak = await findLeak(name, 'MY-5ecret')
      if (leak !== undefined) leaks.push([name, leak])
    }
    expect(leaks).toEqual([])
    expect([...statuses].toSorted()).toEqual([200, 400, 401, 415, 501])
    expect(await (await fetch(`${server.url}/__sendbox/metrics`)).text()).not.toContain('MY-5ecret')
  },
)

test.each([
  'http://a:99999999',
  'http://[::1/',
  'http://a@:/',
  'http://1.2.3.4.5/',
  'http://256.1.1.1/',
])('answers the request target %s without a failure and a warning of Node', async origin => {
  const failures: Error[] = []
  await using session = await startConsumerSession({ reportError: error => failures.push(error) })
  const warnings: Error[] = []
  const listen = (warning: Error) => void warnings.push(warning)
  process.on('warning', listen)
  const path = '/sentinel/api/account/1/app/token?v=1.0&client_secret=SECRET'
  const answer = await rawCall({ url: session.server.url, target: origin + path })
  process.off('warning', listen)
  expect(answer.text).toMatch(/^HTTP\/1\.1 40[014] /)
  expect([failures, warnings]).toEqual([[], []])
})

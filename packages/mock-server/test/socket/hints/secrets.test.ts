import { randomBytes } from 'node:crypto'
import { errorCatalogue, errorCodes } from '@sendbox/schema'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { MockServer, MockServerOptions } from '../../../src/index.ts'
import { text } from '../consumer-session.ts'
import { type HintSession, type Refused, startHintSession } from './refused-call.ts'

const installUrl = ({ url }: MockServer, id = 'app') =>
  `${url}/api/account/12345678/configuration/app-install/installations/${id}?v=1.0`

async function logIn({ url }: MockServer): Promise<string> {
  const response = await fetch(`${url}/api/account/12345678/login?v=1.3`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: 'zoe', password: secret }),
  })
  return ((await response.json()) as { bearer: string }).bearer
}

const secret = 'Zu7-verySecret_of.this~app'

const options: MockServerOptions = {
  accounts: { '12345678': { installs: [{ clientId: 'app', clientSecret: secret }] } },
}

/** Length from which a part of a secret is a leak, in characters. */
const leakLength = 8

/** The parts of a secret that must not be shown. */
function partsOf(sent: string): string[] {
  const parts: string[] = []
  for (let at = 0; at + leakLength <= sent.length; at += 1)
    parts.push(sent.slice(at, at + leakLength))
  return parts
}

/** The parts of secrets that a hint shows, and the hint itself if it has not the form of one. */
function leaksIn({ hint = '', logged, problems }: Refused, secrets: readonly string[]): string[] {
  const shown = [hint, logged, ...problems].join('\n')
  const leaks = secrets.flatMap(partsOf).filter(part => shown.includes(part))
  return /^[\x20-\x7e]{10,500}$/.test(hint) ? leaks : [...leaks, hint]
}

const tokenPath = '/sentinel/api/account/12345678/app/token?v=1.0&grant_type=client_credentials'

const base64Url = fc
  .integer({ min: 20, max: 200 })
  .map(length => randomBytes(length).toString('base64url'))

const jwt = fc
  .tuple(
    fc.constantFrom('{"alg":"RS256","typ":"JWT"}', '{"alg":"none"}', 'x'),
    base64Url,
    base64Url,
  )
  .map(([header, payload, signature]) =>
    [Buffer.from(header).toString('base64url'), payload, signature].join('.'),
  )

/** Tokens that anybody knows by their beginning. */
const signed = jwt.filter(sent => sent.startsWith('ey'))

const token = fc.oneof(base64Url, jwt)

/** Ways to send a token wrongly; `[^\r\n]` is all that a header may have. */
const spoilt = fc.constantFrom<(sent: string) => string>(
  sent => sent,
  sent => `Bearer ${sent}`,
  sent => `jwt ${sent}`,
  sent => `${sent} x`,
  sent => `"${sent}"`,
  sent => `${sent},${sent}`,
  sent => `{"access_token":"${sent}"}`,
  sent => `{{${sent}}}`,
  sent => encodeURIComponent(`${sent}=/+`),
  sent => `${sent.slice(0, 20)} ${sent.slice(20)}`,
  sent => `${sent}: ${sent}`,
)

test('shows no part of a token that was sent, wherever it was sent [RES-9a]', async () => {
  await using session = await startHintSession(options)
  await fc.assert(
    fc.asyncProperty(
      token,
      spoilt,
      fc.constantFrom('Authorization', 'X-LP-ON-BEHALF'),
      async (sent, spoil, name) => {
        expect(leaksIn(await session.refuse({ [name]: spoil(sent) }), [sent, secret])).toEqual([])
        const other = name === 'Authorization' ? 'X-Authorization' : 'LP-ON-BEHALF'
        expect(
          leaksIn(await session.refuse({ [name]: undefined, [other]: spoil(sent) }), [sent]),
        ).toEqual([])
      },
    ),
    { numRuns: 60 },
  )
})

test('shows no part of a secret that the token endpoint gets [RES-9a, EP-12a]', async () => {
  await using session = await startHintSession(options)
  const url = session.server.url + tokenPath
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
  await fc.assert(
    fc.asyncProperty(base64Url, async sent => {
      const pair = { client_id: 'app', client_secret: sent }
      const calls = [
        { headers: form, body: new URLSearchParams(pair).toString() },
        {
          headers: form,
          body: new URLSearchParams({ client_id: sent, client_secret: 'app' }).toString(),
        },
        {
          headers: form,
          body: new URLSearchParams({ client_id: secret, client_secret: sent }).toString(),
        },
        { headers: form, body: new URLSearchParams({ clientSecret: sent }).toString() },
        { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(pair) },
        { headers: { Authorization: `Basic ${Buffer.from(`app:${sent}`).toString('base64')}` } },
        { headers: { Authorization: `Basic ${sent}` } },
        { headers: { Authorization: `Bearer ${sent}` } },
      ]
      for (const call of calls)
        expect(leaksIn(await session.call({ url, ...call }), [sent, secret])).toEqual([])
    }),
    { numRuns: 20 },
  )
})

test('shows no part of a token inside of a payload that is no JSON, or has another form [RES-9a]', async () => {
  await using session = await startHintSession(options)
  await fc.assert(
    fc.asyncProperty(signed, async sent => {
      for (const body of [
        `{"token":${sent}}`,
        `{"token":"${sent}"`,
        JSON.stringify({ token: sent }),
        JSON.stringify(sent),
        JSON.stringify({ kind: 'req', id: sent, type: 'ms.PublishEvent', body: sent }),
        JSON.stringify({ kind: 'req', id: '1', type: sent, body: {} }),
        `access_token=${sent}`,
      ])
        expect(leaksIn(await session.refuse({}, body), [...sent.split('.'), secret])).toEqual([])
    }),
    { numRuns: 20 },
  )
})

const toBody = (type: string, body: object): string =>
  JSON.stringify({ kind: 'req', id: '1', type, body })

type Branch = (session: HintSession) => Promise<Refused>

const publish = (dialogId: string, event: unknown = text('x')): string =>
  toBody('ms.PublishEvent', { dialogId, event })

const openAgain =
  (brandId?: string): Branch =>
  session =>
    session.call({
      url: session.batchUrl,
      headers: session.headers,
      body: `[${toBody('userprofile.SetUserProfile', {})},${toBody('cm.ConsumerRequestConversation', { brandId, channelType: 'MESSAGING' })}]`,
    })

const strict = { settings: { mode: 'strict' } } as const

/** A call that is refused with each error of the catalogue that a call can cause. */
const branches: Readonly<Record<number, readonly [Branch, MockServerOptions?]>> = {
  [errorCodes.missingParameter]: [openAgain()],
  [errorCodes.invalidJson]: [({ refuse }) => refuse({}, '{')],
  [errorCodes.unexpectedArray]: [({ refuse }) => refuse({}, '[]')],
  [errorCodes.invalidPayload]: [({ refuse }) => refuse({}, '{}')],
  [errorCodes.unsupportedType]: [({ refuse }) => refuse({}, toBody('x', {}))],
  [errorCodes.conversationClosed]: [
    async ({ close, refuse }) => {
      await close()
      return refuse({})
    },
  ],
  [errorCodes.eventNotAccepted]: [
    async ({ server, conversationId, refuse }) => {
      const agent = server.account().agent(conversationId)
      await agent.join()
      await agent.startSurvey()
      return refuse({}, publish(conversationId, { type: 'ChatStateEvent', chatState: 'ACTIVE' }))
    },
  ],
  [errorCodes.limitExceeded]: [
    ({ refuse }) =>
      refuse({}, toBody('ms.GenerateURLForUploadFile', { fileSize: 4_000_000, fileType: 'PNG' })),
  ],
  [errorCodes.conversationAlreadyOpen]: [openAgain('12345678')],
  [errorCodes.sequenceNotAssigned]: [
    ({ refuse, conversationId }) =>
      refuse(
        {},
        publish(conversationId, { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [9] }),
      ),
    strict,
  ],
  [errorCodes.batchTooSmall]: [
    ({ call, batchUrl, headers }) => call({ url: batchUrl, headers, body: '[]' }),
  ],
  [errorCodes.wrongBrandId]: [openAgain('1')],
  [errorCodes.fileNotUploaded]: [
    ({ refuse, conversationId }) =>
      refuse(
        {},
        publish(conversationId, {
          type: 'ContentEvent',
          contentType: 'hosted/file',
          message: { relativePath: '/v1/AUTH_async-images/12345678/x', fileType: 'PNG' },
        }),
      ),
    strict,
  ],
  [errorCodes.wrongVersion]: [
    ({ call, server }) =>
      call({ method: 'GET', url: `${server.url}/api/account/12345678/service/baseURI.json` }),
  ],
  [errorCodes.invalidAppJwt]: [({ refuse }) => refuse({ Authorization: 'x' })],
  [errorCodes.invalidConsumerJws]: [({ refuse }) => refuse({ 'X-LP-ON-BEHALF': 'x' })],
  [errorCodes.missingConsumerJws]: [({ refuse }) => refuse({ 'X-LP-ON-BEHALF': undefined })],
  [errorCodes.missingAppJwt]: [({ refuse }) => refuse({ Authorization: undefined })],
  [errorCodes.unknownAccount]: [
    ({ call, server }) =>
      call({
        method: 'GET',
        url: `${server.url}/api/account/12345678/service/baseURI.json?version=1.0`,
      }),
    { settings: { domainApi: { unknownAccounts: ['12345678'] } } },
  ],
  [errorCodes.invalidTempUrl]: [
    ({ call, server }) =>
      call({ method: 'PUT', url: `${server.url}/v1/AUTH_async-images/12345678/x` }),
  ],
  [errorCodes.loginRefused]: [
    ({ call, server }) =>
      call({
        url: `${server.url}/api/account/12345678/login?v=1.3`,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ username: 'zoe', password: secret }),
      }),
    { settings: { agentLogin: 'nobody' } },
  ],
  [errorCodes.invalidBearer]: [
    ({ call, server, headers }) => call({ method: 'GET', url: installUrl(server), headers }),
  ],
  [errorCodes.appInstallNotFound]: [
    async ({ call, server }) => {
      const headers = { Authorization: `Bearer ${await logIn(server)}` }
      return call({ method: 'GET', url: installUrl(server, 'nobody'), headers })
    },
  ],
  [errorCodes.staleRevision]: [
    async ({ call, server }) => {
      const headers = { Authorization: `Bearer ${await logIn(server)}`, 'If-Match': '0' }
      return call({ method: 'DELETE', url: installUrl(server), headers })
    },
  ],
  [errorCodes.unsupportedApiVersion]: [
    ({ call, sendUrl, headers }) =>
      call({ url: sendUrl.replace('v=3', 'v=2'), headers, body: '{}' }),
  ],
  [errorCodes.conversationNotFound]: [({ refuse }) => refuse({}, publish('nowhere'))],
  [errorCodes.pathNotFound]: [
    ({ call, server }) => call({ url: `${server.url}/api/account/12345678` }),
  ],
  [errorCodes.serviceNotFound]: [
    ({ call, server }) =>
      call({
        method: 'GET',
        url: `${server.url}/api/account/12345678/service/x/baseURI.json?version=1.0`,
      }),
  ],
  [errorCodes.fileNotFound]: [
    async ({ call, send, server }) => {
      const relativePath = '/v1/AUTH_async-images/12345678/x'
      const { json } = await send(
        JSON.parse(toBody('ms.GenerateURLForDownloadFile', { relativePath })),
      )
      const { queryParams } = (json as { body: { queryParams: Record<string, string> } }).body
      const query = new URLSearchParams(queryParams).toString()
      return call({ method: 'GET', url: `${server.url}${relativePath}?${query}` })
    },
  ],
  [errorCodes.methodNotAllowed]: [({ call, sendUrl }) => call({ method: 'GET', url: sendUrl })],
  [errorCodes.payloadTooLarge]: [({ refuse }) => refuse({}, ' '.repeat(1_048_577))],
  [errorCodes.unsupportedMediaType]: [({ refuse }) => refuse({ 'Content-Type': 'text/plain' })],
  [errorCodes.unsupportedEncoding]: [({ refuse }) => refuse({ 'Content-Encoding': 'zstd' })],
  [errorCodes.tooManyRequests]: [
    ({ refuse }) => refuse({}),
    { settings: { limits: { requestsPerSecond: 0 } } },
  ],
  [errorCodes.insufficientEvidence]: [
    ({ refuse }) => refuse({}, publish('nowhere')),
    { settings: { minEvidence: 'documented' } },
  ],
  [errorCodes.serviceNotImplemented]: [
    ({ call, server }) => call({ url: `${server.url}/api/account/12345678/other` }),
  ],
}

test.each(
  Object.entries(errorCatalogue).filter(([code]) => Number(code) !== errorCodes.internalError),
)('explains the error %i, %o, without the tokens of the call [RES-9a]', async code => {
  const [branch, more] = branches[Number(code)] ?? []
  await using session = await startHintSession({ ...options, ...more })
  const refused = await branch?.(session)
  expect(refused?.code).toBe(Number(code))
  const { Authorization = '', 'X-LP-ON-BEHALF': onBehalf = '' } = session.headers
  expect(refused && leaksIn(refused, [Authorization, onBehalf, secret])).toEqual([])
})

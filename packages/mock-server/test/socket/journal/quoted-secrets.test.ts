import { PassThrough } from 'node:stream'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLog } from '../../../src/cli/log.ts'
import type { TerminalOutput } from '../../../src/cli/terminal.ts'
import { controlOperations } from '../../../src/control/operations.ts'
import { startConsumerSession } from '../consumer-session.ts'

/** A stream that nobody reads takes no more bytes than this: the log is read as a whole. */
const maxLogBytes = 2 ** 26

const hex = fc.stringMatching(/^[\da-f]{10,20}$/)
const sign = fc.constantFrom('', '"', '\\', '/', '~', ' ', '%41', '\u00e9', '\n', ',', ':', '{')

/** Secrets that texts write in several ways. */
const anySecret = fc.tuple(hex, sign, hex).map(parts => parts.join(''))

/** Length from which a part of a secret is a leak, in characters. */
const leakLength = 8

const partsOf = (secret: string): string[] =>
  Array.from({ length: secret.length - leakLength + 1 }, (_, at) =>
    secret.slice(at, at + leakLength),
  )

interface Given {
  /** The client secret of the account, for any place. */
  readonly secret: string
  /** A secret that the mock does not know, for places that have a secret's name. */
  readonly unknown: string
  /** Decides where a quote is cut off. */
  readonly pad: string
}

/** Values of no schema that have the secrets somewhere. */
const toWrongValues = ({ secret, unknown, pad }: Given): unknown[] => [
  secret,
  [secret],
  { unknown: secret },
  { unknown: { deep: [pad, secret], [pad]: secret } },
  { [secret]: pad },
  { match: secret, count: secret, consumer: [secret], text: { a: secret } },
  { clientSecret: [`a ${unknown}`] },
  { unknown: { clientSecret: { deep: [pad, `b ${unknown}`] } } },
]

/** Payloads of SEND that have one. */
const toWrongPayloads = (given: Given): unknown[] => {
  const { secret, unknown, pad } = given
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'x' }
  const publish = { kind: 'req', id: '1', type: 'ms.PublishEvent' }
  return [
    ...toWrongValues(given),
    { ...publish, type: secret, body: {} },
    { ...publish, kind: secret, body: { dialogId: 'x', event } },
    { ...publish, body: { dialogId: secret, event } },
    { ...publish, body: { dialogId: [pad, secret], event } },
    { ...publish, body: { dialogId: 'x', event: { ...event, type: secret } } },
    { ...publish, body: { dialogId: 'x', event: { ...event, [secret]: secret } } },
    {
      ...publish,
      body: { dialogId: 'x', event: { ...event, message: { client_secret: [pad, unknown] } } },
    },
    {
      ...publish,
      body: {
        dialogId: 'x',
        event: { ...event, message: { [pad]: { client_secret: `c ${unknown}` } } },
      },
    },
  ]
}

/** The strings of a JSON text, names included; what is no JSON is one string. */
function stringsOf(text: string): string[] {
  const strings: string[] = []
  try {
    JSON.parse(text, (name, value: unknown) => {
      strings.push(name, String(value))
      return value
    })
  } catch {
    strings.push(text)
  }
  return strings
}

test('no refusal, hint, problem or line of the log quotes a client secret, wherever it came [RES-9a]', async () => {
  const output = Object.assign(new PassThrough({ highWaterMark: maxLogBytes }), {
    isTTY: false,
  }) as TerminalOutput & PassThrough
  await using session = await startConsumerSession({
    log: createLog('debug', output),
    settings: { mode: 'strict', errors: { body: 'object' } },
  })
  const { server, accountId, headers, sendUrl } = session
  const control = `${server.url}/__sendbox`
  const json = { 'Content-Type': 'application/json' }
  await fc.assert(
    fc.asyncProperty(anySecret, anySecret, fc.nat(60), async (secret, unknown, padding) => {
      const given = { secret, unknown, pad: 'p'.repeat(padding) }
      const shown: string[] = []
      const ask = async (url: string, init: RequestInit = {}): Promise<number> => {
        const response = await fetch(url, init)
        shown.push(JSON.stringify([...response.headers]), await response.text())
        return response.status
      }
      server.account(accountId).requests.clear()
      const install = `${control}/accounts/${accountId}/app-install`
      const body = JSON.stringify({ clientSecret: secret })
      expect(await ask(install, { method: 'PUT', headers: json, body })).toBe(200)
      for (const { method, path, body: schema, query } of controlOperations) {
        const url = `${control}${path
          .replace('{accountId}', accountId)
          .replaceAll(/\{\w+\}/g, encodeURIComponent(secret))}`
        if (method !== 'GET' && schema)
          for (const value of toWrongValues(given))
            if (!schema.safeParse(value).success)
              await ask(url, { method, headers: json, body: JSON.stringify(value) })
        if (method === 'GET' && path.includes('{accountId}') && path.split('{').length > 2)
          await ask(url)
        if (query) await ask(`${url}?unknown=${encodeURIComponent(secret)}`, { method })
      }
      for (const payload of toWrongPayloads(given))
        await ask(sendUrl, { method: 'POST', headers, body: JSON.stringify(payload) })
      for (const path of [
        '',
        `/api/account/${accountId}/service`,
        `/v1/AUTH_async-images/${accountId}`,
      ])
        await ask(`${server.url}${path}/${encodeURIComponent(secret)}`)
      await ask(`${control}/accounts/${accountId}/requests`)
      shown.push(...String(output.read()).split('\n'))
      const parts = [secret, unknown].flatMap(partsOf)
      const leaks = shown.flatMap(stringsOf).filter(text => parts.some(part => text.includes(part)))
      expect(leaks).toEqual([])
    }),
    { numRuns: 15 },
  )
}, 60_000)

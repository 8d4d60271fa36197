import { startMockServer } from '@sendbox/mock-server'
import { expect, test } from 'vitest'
import { createSecrets } from '../../src/secrets.ts'
import { HttpTarget } from '../../src/traces/http-target.ts'
import { TraceSchema } from '../../src/traces/trace.ts'
import { verifyTrace } from '../../src/verify/verify-trace.ts'

test('what an answer names as a token is taken out of any text, the longest first, short ones by name only', () => {
  const secrets = createSecrets()
  secrets.learn([
    { access_token: 'abcdef' },
    { body: { temp_url_sig: 'abcdefghi' } },
    { token: 'on' },
    { sequence: 1 },
  ])
  secrets.add(undefined)
  expect(secrets.redact('abcdefghi abcdef on eyJhbGciOiJSUzI1NiJ9.eyJh.x-_ 1')).toBe(
    '<redacted> <redacted> on <redacted> 1',
  )
})

test('a trace that expects another token fails without showing the one that came', async () => {
  await using server = await startMockServer()
  const { accountId, clientId, clientSecret } = server.account()
  const target = new HttpTarget({
    domainApiUrl: server.url,
    accountId,
    clientId,
    clientSecret,
    run: 'test',
  })
  const trace = TraceSchema.parse({
    format: 'sendbox-trace',
    version: 1,
    name: 'tokens',
    title: 'tokens',
    steps: [
      {
        do: 'call',
        title: 'a token',
        rules: ['EP-9'],
        source: 'AUTH',
        evidence: 'documented',
        operation: 'appToken',
        body: { client_id: { $: 'clientId' }, client_secret: { $: 'clientSecret' } },
        answer: { status: 200, body: { access_token: 'another' } },
      },
    ],
  })
  const { failure } = await verifyTrace(trace, target)
  expect(failure?.problems).toEqual([
    '/body/access_token: expected "another", received "<redacted>"',
  ])
})

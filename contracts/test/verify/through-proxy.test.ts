import { fileURLToPath } from 'node:url'
import { startMockServer } from '@sendbox/mock-server'
import { afterAll, expect, test, vi } from 'vitest'
import { readInteractions } from '../../src/pact/pact-file.ts'
import { type ProxyResponse, startProxy } from '../../src/proxy.ts'
import { readTraces } from '../../src/traces/trace.ts'
import { createPactVerifier } from '../../src/verify/pact-verifier.ts'
import { runVerification } from '../../src/verify/run-verification.ts'
import type { VerificationResult } from '../../src/verify/verify-result.ts'

const pactFile = fileURLToPath(new URL('../../pacts/sendbox-client-send-api.json', import.meta.url))
const traces = await readTraces()
const interactions = await readInteractions(pactFile)
/** Shared, because its process takes as long to start as a verification. */
const verifier = createPactVerifier()

afterAll(() => verifier[Symbol.asyncDispose]())
vi.setConfig({ testTimeout: 90_000 })

/** JSON with a field changed everywhere; `undefined` removes it. */
function changeField(json: unknown, field: string, change: (value: unknown) => unknown): unknown {
  if (Array.isArray(json)) return json.map(item => changeField(item, field, change))
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [
      name,
      name === field ? change(value) : changeField(value, field, change),
    ]),
  )
}

const changing =
  (field: string, change: (value: unknown) => unknown) =>
  (response: ProxyResponse): ProxyResponse => {
    if (!response.headers['content-type']?.includes('json')) return response
    const json: unknown = JSON.parse(response.bytes.toString())
    return { ...response, bytes: Buffer.from(JSON.stringify(changeField(json, field, change))) }
  }

async function verifyThrough(
  change: (response: ProxyResponse) => ProxyResponse,
): Promise<VerificationResult> {
  await using server = await startMockServer()
  await using proxy = await startProxy({
    target: server.url,
    intercept: async (request, forward) => change(await forward(request)),
  })
  const { accountId, clientId, clientSecret } = server.account()
  const target = { domainApiUrl: proxy.url, accountId, clientId, clientSecret }
  return await runVerification({ target, traces, interactions, verifier })
}

const failedOf = ({ items }: VerificationResult, kind: 'trace' | 'pact'): string[] =>
  items.filter(item => item.kind === kind && item.verdict === 'failed').map(({ name }) => name)

test('through a proxy that changes nothing every contract holds', async () => {
  const result = await verifyThrough(response => response)
  expect(result.items.flatMap(({ failure }) => failure ?? [])).toEqual([])
  expect(result.items.filter(({ verdict }) => verdict === 'passed').length).toBeGreaterThan(15)
  expect(result.leftOpen).toEqual([])
})

test.each([
  ['counts every sequence one higher', changing('sequence', value => Number(value) + 1)],
  ['makes every sequence a text', changing('sequence', String)],
  ['answers the code 200 in place of OK', changing('code', () => 200)],
  ['drops every errorCode', changing('errorCode', () => undefined)],
  ['drops every reqId', changing('reqId', () => undefined)],
])('a service that %s is red in traces and in pacts', async (_, change) => {
  const result = await verifyThrough(change)
  expect(failedOf(result, 'trace')).not.toEqual([])
  expect(failedOf(result, 'pact')).not.toEqual([])
})

import { expect, test } from 'vitest'
import {
  fillPlaceholders,
  type PlaceholderValues,
  placeholders,
} from '../../src/pact/placeholders.ts'
import type { ProxyRequest } from '../../src/proxy.ts'

const values: PlaceholderValues = {
  own: { appJwt: 'own-app', consumerJws: 'own-consumer' },
  ofState: { consumerJws: 'state-consumer' },
  clientId: 'id',
  clientSecret: 'secret',
  requestFileUrl: async ({ type }) => ({
    relativePath: `/signed/${type}`,
    queryParams: { temp_url_sig: 's', temp_url_expires: '1' },
  }),
}

const fill = (request: Partial<ProxyRequest>) =>
  fillPlaceholders(
    { method: 'POST', path: '/', headers: {}, bytes: Buffer.alloc(0), ...request },
    values,
  )

test.each([
  ['the placeholder', placeholders.consumerJws, 'own-consumer'],
  ['a foreign token', 'foreign', 'state-consumer'],
  ['a foreign token after its scheme', 'Bearer foreign', 'Bearer state-consumer'],
  ['a token that is broken on purpose', placeholders.brokenConsumerJws, 'BROKEN_CONSUMER_JWS'],
  ['a token that is invalid on purpose', 'Bearer invalid-token', 'Bearer invalid-token'],
])('a ConsumerJWS in a pact: %s', async (_, inPact, sent) => {
  const { headers } = await fill({ headers: { 'x-lp-on-behalf': inPact } })
  expect(headers).toEqual({ 'x-lp-on-behalf': sent })
})

test('without a token of the state a foreign one is replaced by that of the consumer', async () => {
  const { headers } = await fill({ headers: { authorization: 'Bearer foreign' } })
  expect(headers).toEqual({ authorization: 'Bearer own-app' })
})

test('client id and secret are filled into forms only', async () => {
  const text = `client_id=${placeholders.clientId}&client_secret=${placeholders.clientSecret}`
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
  const bytes = Buffer.from(text)
  expect((await fill({ headers, bytes })).bytes.toString()).toBe(
    'client_id=id&client_secret=secret',
  )
  expect((await fill({ bytes })).bytes.toString()).toBe(text)
})

test('a path with the placeholder of a signature becomes the signed URL of an upload or a download', async () => {
  const path = `/file?temp_url_sig=${placeholders.fileSignature}`
  const query = '?temp_url_sig=s&temp_url_expires=1'
  expect((await fill({ method: 'PUT', path })).path).toBe(
    `/signed/ms.GenerateURLForUploadFile${query}`,
  )
  expect((await fill({ method: 'GET', path })).path).toBe(
    `/signed/ms.GenerateURLForDownloadFile${query}`,
  )
  expect((await fill({ path: '/file?temp_url_sig=other' })).path).toBe('/file?temp_url_sig=other')
})

import { expect, test } from 'vitest'
import { createClient } from '../../../src/index.ts'
import { alice, createTestClient, rejectionOf, textRequest } from '../create-test-client.ts'
import { startStubService } from '../start-stub-service.ts'

const account = { accountId: '12345678', clientId: 'client', clientSecret: 'the-secret' }

test('plain http off the local network is refused, unless it is asked for [WH-13]', async () => {
  const domainApiUrl = 'http://adminlogin.liveperson.example'
  expect(() => createClient({ ...account, domainApiUrl })).toThrow(
    /^domainApiUrl must have https: .* allowPlainHttp: true takes it all the same$/,
  )
  await createClient({ ...account, domainApiUrl, allowPlainHttp: true }).close()
  await createClient({ ...account, domainApiUrl: domainApiUrl.replace('http', 'https') }).close()
})

test('a host off the local network that the Domain API names gets no secret over plain http [WH-13]', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  service.answer(({ url }) =>
    url.includes('/baseURI.json')
      ? {
          status: 200,
          body: JSON.stringify({
            baseURIs: ['sentinel', 'idp', 'asyncMessagingEnt'].map(name => ({
              service: name,
              baseURI: 'attacker.example',
            })),
          }),
        }
      : undefined,
  )
  const error = await rejectionOf(client.send(textRequest, alice))
  expect(error).toMatchObject({ code: 'INVALID_RESPONSE' })
  expect(String(error)).toMatch(
    /it names http:\/\/attacker\.example for the service "\w+", a host off the local network/,
  )
  expect(service.requests.filter(({ url }) => !url.includes('/baseURI.json'))).toEqual([])
})

import { MockAgent } from 'undici'
import { expect, test } from 'vitest'
import { createServiceDirectory } from '../../src/service-directory.ts'

test.each(['http:', 'https:'])('hosts take the scheme %s of the Domain API', async scheme => {
  const dispatcher = new MockAgent()
  dispatcher.disableNetConnect()
  const baseURIs = [{ service: 'idp', account: '1', baseURI: 'idp.example:8443' }]
  dispatcher
    .get(`${scheme}//domain.example`)
    .intercept({ path: '/api/account/1/service/baseURI.json?version=1.0', method: 'GET' })
    .reply(200, { baseURIs })
  const transport = { accountId: '1', dispatcher }
  const directory = createServiceDirectory(transport, new URL(`${scheme}//domain.example`))

  const origin = await directory.withOrigin('idp', async found => found)

  expect(origin).toBe(`${scheme}//idp.example:8443`)
  await dispatcher.close()
})

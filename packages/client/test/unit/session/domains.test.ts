import { MockAgent } from 'undici'
import { expect, test } from 'vitest'
import { createClient } from '../../../src/index.ts'

test.each(['http:', 'https:'])(
  'hosts take the scheme %s of the Domain API [EP-6.1]',
  async scheme => {
    const dispatcher = new MockAgent()
    dispatcher.disableNetConnect()
    const baseURIs = [{ service: 'sentinel', account: '1', baseURI: 'sentinel.example:8443' }]
    dispatcher
      .get(`${scheme}//domain.example`)
      .intercept({ path: '/api/account/1/service/baseURI.json?version=1.0', method: 'GET' })
      .reply(200, {
        baseURIs: [...baseURIs, { service: 'idp', account: '1', baseURI: 'idp.example' }],
      })
    const refusal = { error: 'invalid_client', error_description: 'Unknown client' }
    dispatcher
      .get(`${scheme}//sentinel.example:8443`)
      .intercept({ path: /^\/sentinel\/api\/account\/1\/app\/token\?/, method: 'POST' })
      .reply(401, refusal)
    const client = createClient({
      accountId: '1',
      clientId: 'id',
      clientSecret: 'hush',
      domainApiUrl: `${scheme}//domain.example`,
      allowPlainHttp: true,
      dispatcher,
    })

    await expect(client.consumer('alice').openConversation()).rejects.toMatchObject(refusal)

    dispatcher.assertNoPendingInterceptors()
    await dispatcher.close()
  },
)

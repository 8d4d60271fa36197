import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { operations, toPath } from '@sendbox/schema'
import { pactAccountId, placeholders } from '../../src/states.ts'

/** The services around SEND, so that a pact holds the one call that it is about. */
export interface PlatformStub extends AsyncDisposable {
  readonly url: string
}

/** Starts a stub that names `sendHost` as the host of SEND and hands out placeholders as tokens. */
export async function startPlatformStub(
  sendHost: string,
  appJwt: string = placeholders.appJwt,
): Promise<PlatformStub> {
  const accountId = pactAccountId
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    const own = request.headers.host ?? ''
    switch (request.url?.split('?')[0]) {
      case toPath(operations.baseUris.path, { accountId }):
        return answer(200, {
          baseURIs: [
            { service: 'asyncMessagingEnt', account: accountId, baseURI: sendHost },
            { service: 'sentinel', account: accountId, baseURI: own },
            { service: 'idp', account: accountId, baseURI: own },
          ],
        })
      case toPath(operations.appToken.path, { accountId }):
        return answer(200, { access_token: appJwt, token_type: 'Bearer', expires_in: 3600 })
      case toPath(operations.consumer.path, { accountId }):
        return answer(201, { token: placeholders.consumerJws })
      default:
        return answer(404, {})
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

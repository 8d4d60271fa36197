import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json as readJson } from 'node:stream/consumers'
import { type FileUrl, operations, type ServiceName, serviceNames, toPath } from '@sendbox/schema'
import { placeholders } from '../../src/pact/placeholders.ts'
import { pactAccountId } from '../../src/pact/states.ts'

/** The services around the one call that a pact is about. */
export interface PlatformStub extends AsyncDisposable {
  readonly url: string
  /** How often each operation was called here. */
  readonly calls: Readonly<Record<string, number>>
}

/** Which service is Pact's, and what the others hand out. */
export interface PlatformStubOptions {
  /** Host and port of Pact's mock, and the service that it stands for. */
  readonly pact: { readonly host: string; readonly service: ServiceName | undefined }
  readonly appJwt?: string
  readonly consumerJws?: string
  readonly fileUrl: FileUrl
}

const accountId = pactAccountId
const pathOf = (id: 'baseUris' | 'appToken' | 'consumer' | 'send') =>
  toPath(operations[id].path, { accountId })

/** Starts a stub that names Pact's mock as the host of one service and hands out placeholders. */
export async function startPlatformStub({
  pact,
  appJwt = placeholders.appJwt,
  consumerJws = placeholders.consumerJws,
  fileUrl,
}: PlatformStubOptions): Promise<PlatformStub> {
  const calls: Record<string, number> = {}
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const own = request.headers.host ?? ''
    const answer = (operation: string, status: number, body: unknown) => {
      calls[operation] = (calls[operation] ?? 0) + 1
      response.writeHead(status, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    switch (request.url?.split('?')[0]) {
      case pathOf('baseUris'): {
        const baseURIs = serviceNames.map(service => ({
          service,
          account: accountId,
          baseURI: service === pact.service ? pact.host : own,
        }))
        return answer('baseUris', 200, { baseURIs })
      }
      case pathOf('appToken'):
        return answer('appToken', 200, { access_token: appJwt, token_type: 'Bearer' })
      case pathOf('consumer'):
        return answer('consumer', 201, { token: consumerJws })
      case pathOf('send'): {
        const { id, type } = (await readJson(request)) as { id: string; type: string }
        const body = type.startsWith('ms.GenerateURL') ? fileUrl : { sequence: 0 }
        return answer('send', 200, { reqId: id, code: 'OK', body })
      }
      default:
        return answer('unknown', 404, {})
    }
  }
  const server = createServer((request, response) => {
    take(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

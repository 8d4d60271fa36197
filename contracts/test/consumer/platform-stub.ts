import type { IncomingMessage, ServerResponse } from 'node:http'
import { json as readJson } from 'node:stream/consumers'
import { type FileUrl, operations, type ServiceName, serviceNames, toPath } from '@sendbox/schema'
import { type LoopbackServer, startLoopbackServer } from '../../src/loopback-server.ts'
import { placeholders } from '../../src/pact/placeholders.ts'
import { pactAccountId } from '../../src/pact/states.ts'

/** A stub of every service but the one in the pact. */
export interface PlatformStub extends LoopbackServer {
  /** Number of calls of each operation. */
  readonly calls: Readonly<Record<string, number>>
}

/** The service of Pact's mock, and the values in the stub's responses. */
export interface PlatformStubOptions {
  /** Host and port of Pact's mock, and its service. */
  readonly pact: { readonly host: string; readonly service: ServiceName | undefined }
  readonly appJwt?: string
  readonly consumerJws?: string
  readonly fileUrl: FileUrl
}

const accountId = pactAccountId
const pathOf = (id: 'baseUris' | 'appToken' | 'consumer' | 'send') =>
  toPath(operations[id].path, { accountId })

/** Starts a stub that names Pact's mock as the host of one service, and responds with placeholders. */
export async function startPlatformStub({
  pact,
  appJwt = placeholders.appJwt,
  consumerJws = placeholders.consumerJws,
  fileUrl,
}: PlatformStubOptions): Promise<PlatformStub> {
  const calls: Record<string, number> = {}
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const own = request.headers.host ?? ''
    const respond = (operation: string, status: number, body: unknown) => {
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
        return respond('baseUris', 200, { baseURIs })
      }
      case pathOf('appToken'):
        return respond('appToken', 200, { access_token: appJwt, token_type: 'Bearer' })
      case pathOf('consumer'):
        return respond('consumer', 201, { token: consumerJws })
      case pathOf('send'): {
        const { id, type } = (await readJson(request)) as { id: string; type: string }
        const body = type.startsWith('ms.GenerateURL') ? fileUrl : { sequence: 0 }
        return respond('send', 200, { reqId: id, code: 'OK', body })
      }
      default:
        return respond('unknown', 404, {})
    }
  }
  return { ...(await startLoopbackServer(handle)), calls }
}

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isAddress, isLoopbackAddress } from '../http/host-name.ts'
import { silentLogger } from '../logger.ts'
import { createPassThrough } from '../proxy/pass-through.ts'
import { isServiceHost } from '../service-domains.ts'
import { openCertificates } from '../tls/contexts.ts'
import { sharePort } from '../tls/shared-port.ts'

/** Where the CA of a port is. */
export interface TlsPortOptions {
  /**
   * The data folder of the mock whose CA it is.
   * @default the user's folder of data
   */
  readonly data?: string | undefined
}

/** A port that speaks TLS and CONNECT as that of a mock with `tls` and `passThrough` does. */
export interface TlsPort {
  /** The certificate of the CA, as PEM. */
  readonly ca: string
  /** Whether a host name, in lower case, is one of LivePerson's, whose requests the server answers itself. */
  readonly isServiceHost: (hostName: string) => boolean
  /** Passes a request on whose target is a URL of another host; returns `false` for one that the server is to answer. */
  readonly forward: (request: IncomingMessage, response: ServerResponse) => boolean
}

const isLocal = (hostName: string): boolean =>
  hostName === 'localhost' || (isAddress(hostName) && isLoopbackAddress(hostName))

/**
 * Lets the port of an http server on loopback speak TLS and CONNECT too, so that {@link connectorEnvironment} and `sendbox env` lead a
 * connector to it: with certificates of the mock's CA for LivePerson's hosts, all other hosts passed on. Call it before the server listens.
 * Rejects with an `Error` that says what to do if the CA cannot be used.
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { speakTls } from '@sendbox/mock-server/run'
 *
 * const server = createServer((request, response) => {
 *   if (!forward(request, response)) response.end(request.headers.host)
 * })
 * const { forward } = await speakTls(server)
 * server.listen(4021, '127.0.0.1')
 * ```
 */
export async function speakTls(server: Server, { data }: TlsPortOptions = {}): Promise<TlsPort> {
  const certificates = await openCertificates({ data }, silentLogger)
  const { connect, forward } = createPassThrough({
    host: '127.0.0.1',
    toPort: () => (server.address() as AddressInfo).port,
    isOwnHost: hostName => isServiceHost(hostName) || isLocal(hostName),
  })
  sharePort(server, certificates, { leadsHere: isServiceHost, connect })
  return { ca: certificates.ca, isServiceHost, forward }
}

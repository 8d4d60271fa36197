import type { IncomingMessage, ServerResponse } from 'node:http'
import { allowsPlainHttp } from '@sendbox/schema'
import { type Dispatcher, request } from 'undici'
import {
  type LoopbackOptions,
  type LoopbackServer,
  readBody,
  startLoopbackServer,
} from './loopback-server.ts'

/** A request that passes through a proxy. */
export interface ProxyRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  /** By lower-case name, without hop-by-hop headers. */
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Buffer
}

/** A response that passes through a proxy. */
export interface ProxyResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Buffer
}

/** Sends a request to the service behind the proxy. */
export type Forward = (request: ProxyRequest) => Promise<ProxyResponse>

/** Handles one call: changes request or response, or responds without the service. */
export type Intercept = (request: ProxyRequest, forward: Forward) => Promise<ProxyResponse>

/** Whose `Host` the service gets. */
type HostOf = 'caller' | 'target'

export interface ProxyOptions extends Pick<LoopbackOptions, 'port' | 'tls'> {
  /** Scheme, host and port of the service, or a function that selects them per request. */
  readonly target: string | ((request: ProxyRequest) => string | Promise<string>)
  /** @default (request, forward) => forward(request) */
  readonly intercept?: Intercept | undefined
  /** undici's dispatcher, for a certificate of your own. */
  readonly dispatcher?: Dispatcher
  /**
   * Which `Host` is sent to the service: with the caller's, a mock names the proxy as the host of its services.
   * @default 'caller'
   */
  readonly host?: HostOf | ((request: ProxyRequest) => HostOf)
}

const hopByHopHeaders: readonly string[] = [
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
]

const toHeaders = (headers: IncomingMessage['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name, value]) => value !== undefined && !hopByHopHeaders.includes(name))
      .map(([name, value]) => [name, String(value)]),
  )

const withoutHost = (headers: ProxyRequest['headers']): ProxyRequest['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'host'))

/** Whether secret and tokens would leave the local network over plain http, and nobody allowed it. Rule: WH-13. */
export const isPlainHttpRefused = (
  { protocol, hostname }: URL,
  { allowPlainHttp = false }: { readonly allowPlainHttp?: boolean | undefined },
): boolean => protocol === 'http:' && !allowPlainHttp && !allowsPlainHttp(hostname)

/** Parses a URL of a service; throws a `TypeError` for plain http off the local network, unless it is allowed. Rule: WH-13. */
export function requireSafeOrigin(
  url: string,
  options: { readonly allowPlainHttp?: boolean | undefined },
): URL {
  const parsed = new URL(url)
  if (isPlainHttpRefused(parsed, options))
    throw new TypeError(
      `${parsed.origin} would get the client secret and tokens over plain http, off the local network. Use https, or allowPlainHttp (--allow-plain-http)`,
    )
  return parsed
}

/** Sends a request, and reads the response completely. */
export async function sendRequest(
  url: string,
  options: Parameters<typeof request>[1],
): Promise<ProxyResponse> {
  const { statusCode, headers, body } = await request(url, options)
  const bytes = Buffer.from(await body.arrayBuffer())
  return { status: statusCode, headers: toHeaders(headers), bytes }
}

/** Starts a proxy on loopback; a call whose interception or forwarding fails gets a 502. */
export async function startProxy(options: ProxyOptions): Promise<LoopbackServer> {
  const { target, dispatcher, host = 'caller', port = 0, tls = false } = options
  const { intercept = (proxied, forward) => forward(proxied) } = options
  const hostOf = typeof host === 'function' ? host : () => host
  const forward: Forward = async proxied => {
    const { method, path, headers, bytes } = proxied
    const origin = typeof target === 'string' ? target : await target(proxied)
    return sendRequest(`${origin}${path}`, {
      method,
      headers: hostOf(proxied) === 'caller' ? headers : withoutHost(headers),
      body: bytes.length > 0 ? bytes : null,
      ...(dispatcher && { dispatcher }),
    })
  }
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url: path = '/' } = incoming
    const headers = toHeaders(incoming.headers)
    const bytes = await readBody(incoming)
    const intercepted = await intercept({ method, path, headers, bytes }, forward)
    response.writeHead(intercepted.status, {
      ...intercepted.headers,
      'content-length': intercepted.bytes.length,
    })
    response.end(intercepted.bytes)
  }
  return startLoopbackServer(handle, { port, tls, failureStatus: 502 })
}

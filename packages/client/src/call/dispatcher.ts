import { Agent, type Dispatcher, Pool, ProxyAgent } from 'undici'
import { requirePositive } from '../checks.ts'

/** Connection options. */
export interface ConnectionOptions {
  /**
   * Connect timeout in ms, TLS and proxy tunnel included.
   * @default 10_000
   */
  connectTimeoutMs?: number
  /**
   * Maximum number of connections per host; further requests wait for one.
   * @default 100
   */
  maxConnections?: number
  /**
   * Keep-alive timeout of idle connections in ms; the service's `Keep-Alive` hint takes precedence.
   * @default 4_000
   */
  keepAliveTimeoutMs?: number
  /** PEM certificates of the services' authorities, in place of Node's list. */
  ca?: string | Buffer | readonly (string | Buffer)[]
  /**
   * HTTP proxy for all requests, such as "http://user:password@proxy:3128"; redacted in errors. The
   * variables HTTP_PROXY and HTTPS_PROXY are not read.
   */
  proxy?: string
}

/** undici's timeout value: 0 for `Infinity`. */
export const toUndiciTimeout = (timeoutMs: number): number =>
  Number.isFinite(timeoutMs) ? timeoutMs : 0

function checkProxy(value: string): string {
  const protocol = URL.canParse(value) ? new URL(value).protocol : ''
  if (protocol === 'http:' || protocol === 'https:') return value
  throw new TypeError('proxy must be a URL such as "http://proxy:3128"')
}

/** Creates the connection pool that the client owns and closes. */
export function createDispatcher(options: ConnectionOptions): Dispatcher {
  const timeout = toUndiciTimeout(
    requirePositive('connectTimeoutMs', options.connectTimeoutMs ?? 10_000),
  )
  const connections = requirePositive('maxConnections', options.maxConnections ?? 100)
  const keepAliveTimeout = requirePositive(
    'keepAliveTimeoutMs',
    options.keepAliveTimeoutMs ?? 4_000,
  )
  const { ca, proxy } = options
  const tls = {
    timeout,
    ...(ca !== undefined && { ca: typeof ca === 'string' || Buffer.isBuffer(ca) ? ca : [...ca] }),
  }
  const pool = { connections, keepAliveTimeout }
  if (proxy === undefined) return new Agent({ ...pool, connect: tls })
  return new ProxyAgent({
    ...pool,
    uri: checkProxy(proxy),
    requestTls: tls,
    proxyTls: tls,
    // The CONNECT request has its own headers timeout, 300 s by default.
    clientFactory: (origin, tunnel) => new Pool(origin, { ...tunnel, headersTimeout: timeout }),
  })
}

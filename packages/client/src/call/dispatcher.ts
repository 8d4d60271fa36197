import { Agent, type Dispatcher, Pool, ProxyAgent } from 'undici'
import { requirePositive } from '../checks.ts'

/** How connections are made and kept. */
export interface ConnectionOptions {
  /**
   * How long a connection may take to stand, in ms, TLS and proxy included.
   *
   * @default 10_000
   */
  connectTimeoutMs?: number
  /**
   * How many connections a host gets at most; further calls wait for one.
   *
   * @default 100
   */
  maxConnections?: number
  /**
   * How long a connection without calls is kept, in ms; a hint of the service wins.
   *
   * @default 4_000
   */
  keepAliveTimeoutMs?: number
  /**
   * The certificates, in PEM, of the authorities that sign those of the services; they stand in
   * place of Node's own list.
   *
   * @default Node's list
   */
  ca?: string | Buffer | readonly (string | Buffer)[]
  /**
   * An HTTP proxy through which all calls are tunnelled, such as "http://user:password@proxy:3128";
   * it shows in no error. The variables HTTP_PROXY and HTTPS_PROXY are not read.
   *
   * @default none
   */
  proxy?: string
}

/** What undici takes for a time-out, whose word for none is 0. */
export const toUndiciTimeout = (timeoutMs: number): number =>
  Number.isFinite(timeoutMs) ? timeoutMs : 0

function checkProxy(value: string): string {
  const protocol = URL.canParse(value) ? new URL(value).protocol : ''
  if (protocol === 'http:' || protocol === 'https:') return value
  throw new TypeError('proxy must be a URL such as "http://proxy:3128"')
}

/** Creates the pool of connections that the client closes with itself. */
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
    // The tunnel is asked for by a call of its own, which undici would let wait for 300 s.
    clientFactory: (origin, tunnel) => new Pool(origin, { ...tunnel, headersTimeout: timeout }),
  })
}

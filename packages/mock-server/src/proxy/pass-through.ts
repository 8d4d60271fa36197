import { once } from 'node:events'
import {
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
  request as requestHttp,
  type ServerResponse,
} from 'node:http'
import { request as requestHttps } from 'node:https'
import { connect, type Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { getProxyForUrl } from 'proxy-from-env'
import { isAddress, isLoopbackAddress, withoutBrackets } from '../http/host-name.ts'
import { writeServiceResponse } from '../http/response.ts'
import { isTunnelled, rawSocketOf } from '../tls/connections.ts'
import { RefusedTarget, type Target } from '../tls/shared-port.ts'
import { createTargets, refuseClosed, type Targets } from './target.ts'

/** Time in ms in which a target, or the proxy before it, has to accept a connection. */
const connectTimeoutMs = 10_000

/** Headers that are of one connection, and not of the request. Source: RFC 9110, 7.6.1. */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** The raw headers of a message less those of its connection. */
function toForwarded({ rawHeaders, headers }: IncomingMessage): string[] {
  const named = new Set(headers.connection?.toLowerCase().split(/\s*,\s*/))
  const kept: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2)
    const lower = name.toLowerCase()
    if (!hopByHop.has(lower) && !named.has(lower)) kept.push(name, value)
  }
  return kept
}

/** Refuses clients off this machine, and those inside of a tunnel, who mean another server. */
function admitClient(socket: Socket): void {
  if (isTunnelled(socket) || !isLoopbackAddress(rawSocketOf(socket).remoteAddress ?? ''))
    throw new RefusedTarget('The mock passes on for programs of its own machine only')
}

/** A proxy that was set before the mock became one. */
interface Upstream {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
}

/** The proxy that the environment of the mock names for a URL. Throws an `Error` for one that is no http proxy. */
function findUpstream(url: string, isOwn: (url: URL) => boolean): Upstream | undefined {
  const proxy = getProxyForUrl(url)
  if (proxy === '') return undefined
  const parsed = URL.canParse(proxy) ? new URL(proxy) : undefined
  if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol))
    throw new Error(
      'The proxy in the environment of the mock (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY) is no http URL',
    )
  if (isOwn(parsed)) return undefined
  const { username, password } = parsed
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const credentials = { 'Proxy-Authorization': `Basic ${Buffer.from(user).toString('base64')}` }
  return { url: parsed, headers: username === '' ? {} : credentials }
}

/** A connection that was made may end in an error before anybody reads it. */
const ignore = (): void => {}

/** Starts a request to a proxy. */
function requestBy({ url }: Upstream, options: RequestOptions): ClientRequest {
  const { protocol, hostname, port } = url
  const host = withoutBrackets(hostname)
  return protocol === 'https:'
    ? requestHttps({ ...options, host, port: port || 443 })
    : requestHttp({ ...options, host, port: port || 80 })
}

const toAuthority = ({ host, port }: Target): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`

/** Connects to a target by a proxy. */
async function connectBy(upstream: Upstream, target: Target): Promise<Socket> {
  const path = toAuthority(target)
  const signal = AbortSignal.timeout(connectTimeoutMs)
  const headers = { ...upstream.headers, Host: path }
  const asking = requestBy(upstream, { method: 'CONNECT', path, headers, signal, agent: false })
  asking.on('error', ignore)
  const [answer, socket, head] = (await once(asking.end(), 'connect')) as [
    IncomingMessage,
    Socket,
    Buffer,
  ]
  socket.on('error', ignore)
  if (answer.statusCode !== 200) {
    socket.destroy()
    throw new Error(`The proxy ${upstream.url.host} answered CONNECT with ${answer.statusCode}`)
  }
  if (head.length > 0) socket.unshift(head)
  return socket
}

async function connectDirectly(target: Target, { lookup }: Targets): Promise<Socket> {
  const socket = connect({ ...target, lookup, noDelay: true }).on('error', ignore)
  await once(socket, 'connect', { signal: AbortSignal.timeout(connectTimeoutMs) }).catch(error => {
    socket.destroy()
    throw error
  })
  return socket
}

/** Looks up a name that a proxy is asked for: what it leads to from here is closed too. */
const lookUp = ({ lookup }: Targets, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    lookup(host, { all: true }, error => {
      if (error instanceof RefusedTarget) reject(error)
      else resolve()
    })
  })

/** The other hosts: what is not for the mock goes where it went before the mock became the proxy. */
export interface PassThrough {
  /** Connects a client to a target. Rejects with a {@link RefusedTarget}, or with the error of the connection. */
  readonly connect: (target: Target, client: Socket) => Promise<Socket>
  /** Forwards a request whose target is a URL of another host, and answers with its response; returns `false` for any other request. */
  readonly forward: (request: IncomingMessage, response: ServerResponse) => boolean
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

/** The mock that passes on. */
interface PassThroughOptions {
  /** The address that it listens on. */
  readonly host: string
  /** The port that it listens on. */
  readonly toPort: () => number
  /** Whether it serves a host itself, in lower case. */
  readonly isOwnHost: (hostName: string) => boolean
  /** @default createTargets(host) */
  readonly targets?: Targets
}

/** The URL of a request that is made to a proxy. */
const toUrl = ({ url = '' }: IncomingMessage): URL | undefined =>
  /^https?:\/\//i.test(url) && URL.canParse(url) ? new URL(url) : undefined

/** Creates what passes on to other hosts. */
export function createPassThrough({
  host,
  toPort,
  isOwnHost,
  targets = createTargets(host),
}: PassThroughOptions): PassThrough {
  const isOwn = ({ hostname, port }: URL): boolean =>
    Number(port) === toPort() && targets.isClosed(withoutBrackets(hostname))

  const isServed = (name: string): boolean =>
    isOwnHost(name) || (isAddress(name) && targets.isClosed(name))

  const connectTo = async (target: Target): Promise<Socket> => {
    if (targets.isClosed(target.host)) throw refuseClosed(target.host)
    const scheme = target.port === 80 ? 'http' : 'https'
    const upstream = findUpstream(`${scheme}://${toAuthority(target)}`, isOwn)
    if (upstream === undefined) return connectDirectly(target, targets)
    await lookUp(targets, target.host)
    return connectBy(upstream, target)
  }

  const start = async (url: URL, options: RequestOptions): Promise<ClientRequest> => {
    const isHttps = url.protocol === 'https:'
    const name = withoutBrackets(url.hostname)
    if (targets.isClosed(name)) throw refuseClosed(name)
    const upstream = isHttps ? undefined : findUpstream(url.href, isOwn)
    if (upstream) {
      await lookUp(targets, name)
      const headers = [...(options.headers as string[]), ...Object.entries(upstream.headers).flat()]
      return requestBy(upstream, { ...options, headers, path: url.href })
    }
    const below = await connectTo({ host: name, port: Number(url.port || (isHttps ? 443 : 80)) })
    const socket = isHttps ? connectTls({ socket: below, servername: name }) : below
    return requestHttp({
      ...options,
      createConnection: () => socket,
      path: url.pathname + url.search,
    })
  }

  const passOn = async (url: URL, request: IncomingMessage, response: ServerResponse) => {
    try {
      admitClient(request.socket)
      const { method } = request
      const outgoing = await start(url, { method, headers: toForwarded(request), agent: false })
      outgoing.on('error', ignore)
      pipeline(request, outgoing, ignore)
      const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, toForwarded(answer))
      pipeline(answer, response, ignore)
    } catch (error) {
      const isRefused = error instanceof RefusedTarget
      writeServiceResponse(response, {
        status: isRefused ? 403 : 502,
        body: { title: isRefused ? 'Forbidden' : 'Bad Gateway', details: reasonOf(error) },
      })
    }
  }

  return {
    connect: async (target, client) => {
      admitClient(client)
      return connectTo(target)
    },
    forward: (request, response) => {
      const url = toUrl(request)
      if (url === undefined || isServed(withoutBrackets(url.hostname))) return false
      void passOn(url, request, response)
      return true
    },
  }
}

import type { Dispatcher } from 'undici'
import { findOperation } from '../find-operation.ts'
import { mapStrings, parseJson, stringsIn } from '../json.ts'
import { type LoopbackOptions, type LoopbackServer, toHostName } from '../loopback-server.ts'
import {
  type Intercept,
  type ProxyRequest,
  type ProxyResponse,
  requireSafeOrigin,
  startProxy,
} from '../proxy.ts'
import type { Trace } from '../traces/trace.ts'
import { type CallSummary, createRecording } from './recording.ts'

type ListenOptions = Pick<LoopbackOptions, 'port' | 'tls'>

/** A host of LivePerson's. */
const serviceHost = /(?:^|\.)(?:liveperson\.net|liveperson\.com|lprnd\.net)$/i

/** Whether a request is for a host that a connector has built in, or has from a Domain API that was not redirected. */
const isBuiltIn = ({ host = '' }: ProxyRequest['headers']): boolean =>
  serviceHost.test(toHostName(host))

export interface RecorderOptions {
  /** Scheme, host and port of the Domain API; the other services have the same scheme. */
  readonly target: string
  /** The name of the trace: lower-case letters, digits and hyphens. */
  readonly name: string
  /** Port on loopback. @default 0, a free one */
  readonly port?: number
  /**
   * Whether connectors with LivePerson's hosts built in are recorded too, which `sendbox env --url <url of the recorder>` leads here: the
   * port speaks TLS for them. They are forwarded to the hosts themselves, or all to the target, where that is none of LivePerson's.
   * @default false
   */
  readonly tls?: boolean
  /** Called after each response. */
  readonly onCall?: (summary: CallSummary) => void
  /** Epoch time in ms. @default Date.now */
  readonly now?: () => number
  /** Whether hosts off the local network may be called over plain http. @default false */
  readonly allowPlainHttp?: boolean
  /** undici's dispatcher, for a certificate of your own. */
  readonly dispatcher?: Dispatcher
}

/** A running recorder. */
export interface Recorder extends AsyncDisposable {
  /** The Domain API for the connector. */
  readonly url: string
  /** Ends the recording; resolves with the trace, or `undefined` without steps. */
  stop(): Promise<Trace | undefined>
}

/** Adds a call to the recording; one that it cannot hold passes nevertheless. */
function addOrExplain(
  add: () => CallSummary,
  title: string,
  { status }: ProxyResponse,
): CallSummary {
  try {
    return add()
  } catch (error) {
    return { title, status, problems: [`is not in the trace: ${String(error)}`] }
  }
}

/** Starts a proxy for each host of the service, and records the calls of a connector. */
export async function startRecorder(options: RecorderOptions): Promise<Recorder> {
  const { target, name, port = 0, tls = false, onCall, now = Date.now, dispatcher } = options
  const recording = createRecording({ name, startedAt: new Date(now()) })
  const proxies = new Map<string, Promise<LoopbackServer>>()
  const { protocol, hostname } = new URL(target)
  const atService = serviceHost.test(hostname)

  const proxyFor = (origin: string, listen: ListenOptions = {}): Promise<LoopbackServer> => {
    const proxy =
      proxies.get(origin) ??
      startProxy({
        target: ({ headers }) =>
          isBuiltIn(headers) && atService ? `https://${toHostName(headers['host'] ?? '')}` : origin,
        host: ({ headers }) => (isBuiltIn(headers) ? 'caller' : 'target'),
        ...listen,
        ...(dispatcher && { dispatcher }),
        intercept: record,
      })
    proxies.set(origin, proxy)
    return proxy
  }

  /** Replaces the hosts in a response of the Domain API, in any of its forms, by proxies. Rules: EP-5, EP-6. */
  const redirect = async (response: ProxyResponse): Promise<ProxyResponse> => {
    const json = parseJson(response.bytes)
    const hosts = new Map<string, string>()
    for (const host of new Set(stringsIn(json, 'baseURI'))) {
      const { origin } = requireSafeOrigin(`${protocol}//${host}`, options)
      const { url } = await proxyFor(origin)
      hosts.set(host, new URL(url).host)
    }
    if (hosts.size === 0) return response
    const redirected = mapStrings(json, (text, key) =>
      key === 'baseURI' ? (hosts.get(text) ?? text) : text,
    )
    return { ...response, bytes: Buffer.from(JSON.stringify(redirected)) }
  }

  const record: Intercept = async (request, forward) => {
    const { method, path } = request
    const operationId = findOperation(method, path)
    if (operationId === undefined) {
      const response = await forward(request)
      const title = `${method} ${path.split('?')[0]}`
      const problems = ['is not in the trace: no known operation']
      onCall?.({ title, status: response.status, problems })
      return response
    }
    const add = recording.begin()
    // A compressed response could be neither checked nor changed.
    const { 'accept-encoding': _, ...headers } = request.headers
    const response = await forward({ ...request, headers })
    const summary = addOrExplain(
      () => add({ operationId, request, response }),
      operationId,
      response,
    )
    onCall?.(summary)
    const isDomainApi = operationId === 'baseUri' || operationId === 'baseUris'
    return isDomainApi && !isBuiltIn(headers) ? redirect(response) : response
  }

  const close = async (): Promise<void> => {
    const open = await Promise.all(proxies.values())
    proxies.clear()
    await Promise.all(open.map(proxy => proxy[Symbol.asyncDispose]()))
  }

  const { url } = await proxyFor(requireSafeOrigin(target, options).origin, { port, tls })
  return {
    url,
    async stop() {
      await close()
      return recording.toTrace()
    },
    [Symbol.asyncDispose]: close,
  }
}

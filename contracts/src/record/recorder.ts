import type { Dispatcher } from 'undici'
import { type Pass, type PassingAnswer, type PassingRequest, startProxy } from '../proxy.ts'
import type { Trace } from '../traces/trace.ts'
import { findOperation } from '../verify/pact-interactions.ts'
import { parseJson } from './recorded-call.ts'
import { type CallNote, createRecording } from './recording.ts'

/** The hosts that an answer of the Domain API names, in any of its shapes. Rules: EP-5, EP-6. */
function hostsIn(json: unknown): string[] {
  if (typeof json !== 'object' || json === null) return []
  return Object.entries(json).flatMap(([name, value]) =>
    name === 'baseURI' && typeof value === 'string' ? [value] : hostsIn(value),
  )
}

/** Puts other hosts in the place of those that an answer of the Domain API names. */
function replaceHosts(json: unknown, hosts: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(json)) return json.map(item => replaceHosts(item, hosts))
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) =>
      name === 'baseURI' && typeof value === 'string'
        ? [name, hosts.get(value) ?? value]
        : [name, replaceHosts(value, hosts)],
    ),
  )
}

/** Where to record, and what to call the trace. */
export interface RecorderOptions {
  /** Scheme, host and port of the Domain API; the other services take its scheme. */
  readonly target: string
  /** The name of the trace: small letters, digits and hyphens. */
  readonly name: string
  /** Port on loopback. @default 0, a free one */
  readonly port?: number
  /** Is told of each call once it is answered. */
  readonly onCall?: (note: CallNote) => void
  /** Epoch time in ms. @default Date.now */
  readonly now?: () => number
  /** undici's dispatcher, for a certificate of your own. */
  readonly dispatcher?: Dispatcher
}

/** A running recorder. */
export interface Recorder extends AsyncDisposable {
  /** The Domain API for the connector. */
  readonly url: string
  /** Ends the recording; answers the trace, or undefined where there is nothing to replay. */
  stop(): Promise<Trace | undefined>
}

const isDomainApi = (operationId: ReturnType<typeof findOperation>): boolean =>
  operationId === 'baseUri' || operationId === 'baseUris'

/** A compressed answer could be neither read nor changed. */
const withoutEncoding = (request: PassingRequest): PassingRequest => {
  const { 'accept-encoding': _, ...headers } = request.headers
  return { ...request, headers }
}

/** Starts what stands between a connector and a service: one listener for each host that the service has. */
export async function startRecorder(options: RecorderOptions): Promise<Recorder> {
  const { target, name, port = 0, onCall, now = Date.now, dispatcher } = options
  const recording = createRecording({ name, startedAt: new Date(now()) })
  const listeners = new Map<string, ReturnType<typeof startProxy>>()
  const { protocol } = new URL(target)

  const listenFor = (origin: string, wantedPort = 0): ReturnType<typeof startProxy> => {
    const listener =
      listeners.get(origin) ??
      startProxy({
        target: origin,
        host: 'target',
        port: wantedPort,
        ...(dispatcher && { dispatcher }),
        through: takePart,
      })
    listeners.set(origin, listener)
    return listener
  }

  const redirect = async (answer: PassingAnswer): Promise<PassingAnswer> => {
    const json = parseJson(answer.bytes)
    const hosts = new Map<string, string>()
    for (const host of new Set(hostsIn(json))) {
      const { url } = await listenFor(new URL(`${protocol}//${host}`).origin)
      hosts.set(host, new URL(url).host)
    }
    if (hosts.size === 0) return answer
    return { ...answer, bytes: Buffer.from(JSON.stringify(replaceHosts(json, hosts))) }
  }

  const takePart = async (request: PassingRequest, pass: Pass): Promise<PassingAnswer> => {
    const operationId = findOperation(request.method, request.path)
    if (operationId === undefined) {
      const answer = await pass(request)
      const title = `${request.method} ${request.path.split('?')[0]}`
      onCall?.({
        title,
        status: answer.status,
        problems: ['is not in the trace: no known operation'],
      })
      return answer
    }
    const take = recording.begin()
    const answer = await pass(withoutEncoding(request))
    onCall?.(take({ operationId, request, answer }))
    return isDomainApi(operationId) ? redirect(answer) : answer
  }

  const close = async (): Promise<void> => {
    const open = await Promise.all(listeners.values())
    listeners.clear()
    await Promise.all(open.map(listener => listener[Symbol.asyncDispose]()))
  }

  const { url } = await listenFor(new URL(target).origin, port)
  return {
    url,
    async stop() {
      await close()
      return recording.toTrace()
    },
    [Symbol.asyncDispose]: close,
  }
}

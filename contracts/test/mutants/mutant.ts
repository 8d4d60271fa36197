import type { MockServer } from '@sendbox/mock-server'
import type { RuleId } from '@sendbox/schema'
import { parseJson } from '../../src/json.ts'
import type { Intercept, ProxyRequest } from '../../src/proxy.ts'
import { jsonAt, withJsonAt } from './json-at.ts'

/** A change of a request before it is forwarded. */
interface RequestChange {
  readonly body?: unknown
  readonly path?: string
  /** `undefined` removes a header. */
  readonly headers?: Readonly<Record<string, string | undefined>>
}

/** A call, and its JSON. */
export interface MutantCall {
  readonly request: ProxyRequest
  /** The JSON of the request, or `undefined`. */
  readonly body: unknown
  /** Forwards the request, with or without a change. */
  readonly forward: (change?: RequestChange) => Promise<MutantResponse>
  readonly server: MockServer
}

/** A response with its JSON, or else its bytes. */
export interface MutantResponse {
  readonly status: number
  readonly body?: unknown
  readonly bytes?: Buffer
}

/** Responds to a call in place of the mock. */
export type Wrapper = (call: MutantCall) => Promise<MutantResponse>

/** A service that is wrong in one way: the mock, and a wrapper that changes its calls. */
export interface Mutant {
  /** A sentence without its subject. */
  readonly name: string
  /** The rules that it breaks. */
  readonly rules: readonly RuleId[]
  /** Creates a wrapper for one run, because wrappers may have state. */
  readonly create: () => Wrapper
}

const toBytes = ({ body, bytes }: MutantResponse): Buffer =>
  bytes ?? Buffer.from(body === undefined ? '' : JSON.stringify(body))

const mergeHeaders = (
  headers: ProxyRequest['headers'],
  change: RequestChange['headers'] = {},
): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...headers, ...change }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  )

/** Handles the calls to a mock as a mutant. */
export function interceptWithMutant({ create }: Mutant, server: MockServer): Intercept {
  const wrapper = create()
  return async (request, forward) => {
    const forwardChanged = async (change: RequestChange = {}): Promise<MutantResponse> => {
      const { status, bytes } = await forward({
        ...request,
        path: change.path ?? request.path,
        headers: mergeHeaders(request.headers, change.headers),
        bytes: 'body' in change ? Buffer.from(JSON.stringify(change.body)) : request.bytes,
      })
      const body = parseJson(bytes)
      return { status, ...(body === undefined ? { bytes } : { body }) }
    }
    const body = parseJson(request.bytes)
    const response = await wrapper({ request, body, forward: forwardChanged, server })
    return {
      status: response.status,
      headers: { 'content-type': 'application/json' },
      bytes: toBytes(response),
    }
  }
}

/** Whether a change applies to a call. */
export type When = (call: MutantCall) => boolean

const isCallOf =
  (path: string): When =>
  ({ request }) =>
    (request.path.split('?')[0] ?? '').endsWith(path)

export const isSend: When = isCallOf('/conversation/send')
export const isConversation: When = isCallOf('/consumer/conversation')
export const isAppToken: When = isCallOf('/app/token')
export const isConsumer: When = isCallOf('/consumer')
export const isBaseUris: When = isCallOf('/service/baseURI.json')
export const isStorage: When = ({ request }) => request.path.startsWith('/v1/')

/** True if the JSON of a call has a value at a JSON Pointer. */
export const hasValue =
  (pointer: string, value: unknown): When =>
  ({ body }) =>
    jsonAt(body, pointer) === value

export const isEvent = (type: string): When => hasValue('/body/event/type', type)
export const isField = (field: string): When => hasValue('/body/conversationField/field', field)
export const isType = (type: string): When => hasValue('/type', type)

/** Changes responses. */
export const changingResponse =
  (
    when: (call: MutantCall, response: MutantResponse) => boolean,
    change: (response: MutantResponse, call: MutantCall) => MutantResponse,
  ): Mutant['create'] =>
  () =>
  async call => {
    const response = await call.forward()
    return when(call, response) ? change(response, call) : response
  }

/** Replaces a value in a response, by another or by the result of a function; ignores a pointer to nothing. */
export const put =
  (pointer: string, value: unknown) =>
  (response: MutantResponse): MutantResponse => {
    const was = jsonAt(response.body, pointer)
    if (was === undefined) return response
    const replacement =
      typeof value === 'function' ? (value as (was: unknown) => unknown)(was) : value
    return { ...response, body: withJsonAt(response.body, pointer, replacement) }
  }

/** Adds a value to a response. */
export const add =
  (pointer: string, value: unknown) =>
  (response: MutantResponse): MutantResponse => ({
    ...response,
    body: withJsonAt(response.body, pointer, value),
  })

export const isOk = (_call: MutantCall, { status }: MutantResponse): boolean => status === 200
export const isRefused = (_call: MutantCall, { status }: MutantResponse): boolean => status >= 400

/** True if a response is an error with this code. */
export const isError =
  (errorCode: number) =>
  (_call: MutantCall, { body }: MutantResponse): boolean =>
    jsonAt(body, '/body/errorCode') === errorCode

/** Replaces a value in the JSON of requests. */
export const changingRequest =
  (when: When, pointer: string, value: unknown): Mutant['create'] =>
  () =>
  call => {
    if (!when(call)) return call.forward()
    const was = jsonAt(call.body, pointer)
    const replacement =
      typeof value === 'function' ? (value as (was: unknown) => unknown)(was) : value
    return call.forward({ body: withJsonAt(call.body, pointer, replacement) })
  }

/** Responds to calls without the mock. */
export const respondingTo =
  (when: When, response: (call: MutantCall) => MutantResponse): Mutant['create'] =>
  () =>
  async call =>
    when(call) ? response(call) : call.forward()

/** The response to a successful request. */
export const okResponse =
  (result: unknown) =>
  ({ body }: MutantCall): MutantResponse => ({
    status: 200,
    body: { reqId: String(jsonAt(body, '/id')), code: 'OK', body: result },
  })

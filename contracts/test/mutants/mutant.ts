import type { MockServer } from '@sendbox/mock-server'
import type { RuleId } from '@sendbox/schema'
import type { Pass, PassingAnswer, PassingRequest } from '../../src/proxy.ts'
import { jsonAt, withJsonAt } from './json-at.ts'

/** What a mutant changes of a request that it sends on. */
interface RequestChange {
  readonly body?: unknown
  readonly path?: string
  /** `undefined` leaves a header out. */
  readonly headers?: Readonly<Record<string, string | undefined>>
}

/** A call with its JSON, where it has one. */
export interface MutantCall {
  readonly request: PassingRequest
  /** The JSON of the request; undefined where it has none. */
  readonly body: unknown
  /** Sends the request on, changed or as it is. */
  readonly pass: (change?: RequestChange) => Promise<MutantAnswer>
  /** The mock behind. */
  readonly server: MockServer
}

/** An answer with its JSON, or its bytes where it has none. */
export interface MutantAnswer {
  readonly status: number
  readonly body?: unknown
  readonly bytes?: Buffer
}

/** Answers a call in place of the mock. */
export type Wrapper = (call: MutantCall) => Promise<MutantAnswer>

/** A service that is wrong in one way: the mock, and a wrapper that changes what passes. */
export interface Mutant {
  /** What it does, as a sentence without its subject. */
  readonly name: string
  /** The rules that it breaks. */
  readonly rules: readonly RuleId[]
  /** Makes the wrapper anew for each run, as it may remember things. */
  readonly create: () => Wrapper
}

const parse = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}

const toBytes = ({ body, bytes }: MutantAnswer): Buffer =>
  bytes ?? Buffer.from(body === undefined ? '' : JSON.stringify(body))

const mergeHeaders = (
  headers: PassingRequest['headers'],
  change: RequestChange['headers'] = {},
): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...headers, ...change }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  )

/** Puts a mutant between caller and mock. */
export function throughMutant(
  { create }: Mutant,
  server: MockServer,
): (request: PassingRequest, pass: Pass) => Promise<PassingAnswer> {
  const wrapper = create()
  return async (request, pass) => {
    const passOn = async (change: RequestChange = {}): Promise<MutantAnswer> => {
      const answer = await pass({
        ...request,
        path: change.path ?? request.path,
        headers: mergeHeaders(request.headers, change.headers),
        bytes: 'body' in change ? Buffer.from(JSON.stringify(change.body)) : request.bytes,
      })
      const body = parse(answer.bytes)
      return { status: answer.status, ...(body === undefined ? { bytes: answer.bytes } : { body }) }
    }
    const answer = await wrapper({ request, body: parse(request.bytes), pass: passOn, server })
    return {
      status: answer.status,
      headers: { 'content-type': 'application/json' },
      bytes: toBytes(answer),
    }
  }
}

/** Chooses calls. */
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

/** Claims that the JSON of a call has a value at a JSON Pointer. */
export const asks =
  (pointer: string, value: unknown): When =>
  ({ body }) =>
    jsonAt(body, pointer) === value

export const isEvent = (type: string): When => asks('/body/event/type', type)
export const isField = (field: string): When => asks('/body/conversationField/field', field)
export const isType = (type: string): When => asks('/type', type)

/** Changes what a mock answers. */
export const answering =
  (
    when: (call: MutantCall, answer: MutantAnswer) => boolean,
    change: (answer: MutantAnswer, call: MutantCall) => MutantAnswer,
  ): Mutant['create'] =>
  () =>
  async call => {
    const answer = await call.pass()
    return when(call, answer) ? change(answer, call) : answer
  }

/** Puts another value into an answer, or what a function makes of the old one, where the pointer leads somewhere. */
export const put =
  (pointer: string, value: unknown) =>
  (answer: MutantAnswer): MutantAnswer => {
    const was = jsonAt(answer.body, pointer)
    if (was === undefined) return answer
    const replacement =
      typeof value === 'function' ? (value as (was: unknown) => unknown)(was) : value
    return { ...answer, body: withJsonAt(answer.body, pointer, replacement) }
  }

/** Adds a value to an answer. */
export const add =
  (pointer: string, value: unknown) =>
  (answer: MutantAnswer): MutantAnswer => ({
    ...answer,
    body: withJsonAt(answer.body, pointer, value),
  })

export const isOk = (_call: MutantCall, { status }: MutantAnswer): boolean => status === 200
export const isRefused = (_call: MutantCall, { status }: MutantAnswer): boolean => status >= 400

/** Claims that an answer is an error of a number. */
export const isError =
  (errorCode: number) =>
  (_call: MutantCall, { body }: MutantAnswer): boolean =>
    jsonAt(body, '/body/errorCode') === errorCode

/** Sends some calls on with another value in their JSON. */
export const requesting =
  (when: When, pointer: string, value: unknown): Mutant['create'] =>
  () =>
  call => {
    if (!when(call)) return call.pass()
    const was = jsonAt(call.body, pointer)
    const replacement =
      typeof value === 'function' ? (value as (was: unknown) => unknown)(was) : value
    return call.pass({ body: withJsonAt(call.body, pointer, replacement) })
  }

/** Answers some calls without the mock. */
export const ignoring =
  (when: When, answer: (call: MutantCall) => MutantAnswer): Mutant['create'] =>
  () =>
  async call =>
    when(call) ? answer(call) : call.pass()

/** The answer of a request that went well. */
export const okAnswer =
  (result: unknown) =>
  ({ body }: MutantCall): MutantAnswer => ({
    status: 200,
    body: { reqId: String(jsonAt(body, '/id')), code: 'OK', body: result },
  })

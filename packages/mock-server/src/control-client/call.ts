import type { ControlApiOperation } from '../control/operations.ts'
import { ControlError } from './control-error.ts'
import { routes } from './routes.ts'

/** The id of an operation of the control API. */
export type ControlOperationId = ControlApiOperation['id']

type OperationOf<Id> = Extract<ControlApiOperation, { readonly id: Id }>

type TypesOf<Id> = NonNullable<OperationOf<Id>['types']>

type ParamsOf<Path> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [Key in Name]: string } & ParamsOf<Rest>
  : unknown

type BodyOf<Body> = [Body] extends [undefined]
  ? unknown
  : undefined extends Body
    ? { readonly body?: Body }
    : { readonly body: Body }

type QueryOf<Query> = [Query] extends [undefined] ? unknown : { readonly query?: Query | undefined }

/** The input of a call: the values of the path's `{…}`, a body and a query, if the operation has them. */
export type ControlInput<Id extends ControlOperationId> = ParamsOf<OperationOf<Id>['path']> &
  BodyOf<TypesOf<Id>['body']> &
  QueryOf<TypesOf<Id>['query']>

/** The answer of a successful call: its JSON, or its text; for the bytes of a file, fetch the path that the transcript has. */
export type ControlAnswer<Id extends ControlOperationId> = TypesOf<Id>['answer']

/** Calls an operation of the control API; rejects with a {@link ControlError} for any status but 2xx. */
export type ControlCall = <Id extends ControlOperationId>(
  id: Id,
  ...input: unknown extends ControlInput<Id>
    ? []
    : Partial<ControlInput<Id>> extends ControlInput<Id>
      ? [input?: ControlInput<Id>]
      : [input: ControlInput<Id>]
) => Promise<ControlAnswer<Id>>

type CallInput = {
  readonly body?: unknown
} & Readonly<Record<string, unknown>> & {
    readonly query?: Readonly<Record<string, string | number | undefined>> | undefined
  }

/** How calls are made. */
export interface CallOptions {
  /** The base URL of the mock, without a trailing slash. */
  readonly url: string
  readonly controlToken: string | undefined
  readonly signal: AbortSignal
}

/** The path of a call with its query. */
export function toTarget(route: string, input: CallInput): string {
  const { query = {} } = input
  const path = route.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(input[name])),
  )
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) search.set(name, String(value))
  return search.size === 0 ? path : `${path}?${search.toString()}`
}

/** Calls the control API; rejects with an `Error` where no mock answers. */
export async function fetchAnswer(
  target: string,
  method: string,
  { body, headers }: { readonly body?: unknown; readonly headers?: Record<string, string> },
  { url, controlToken, signal }: CallOptions,
): Promise<Response> {
  try {
    return await fetch(url + target, {
      method,
      signal,
      headers: {
        ...headers,
        ...(controlToken !== undefined && { Authorization: `Bearer ${controlToken}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  } catch (error) {
    const reason = signal.aborted ? 'The connection was closed' : `No mock answers at ${url}`
    throw new Error(`${reason}: ${method} ${target}`, { cause: error })
  }
}

/** Reads a response; throws a {@link ControlError} for any status but 2xx. */
export async function readAnswer(response: Response, call: string): Promise<unknown> {
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  const answer: unknown = isJson ? await response.json() : await response.text()
  if (!response.ok) throw new ControlError(call, response.status, answer)
  return answer
}

/** Creates the function that calls the control API of a mock. */
export function createControlCall(options: CallOptions): ControlCall {
  return async (id, ...args) => {
    const [input = {}] = args as [CallInput?]
    const [method = '', path = ''] = routes[id].split(' ')
    const route = `/__sendbox${path === '/' ? '' : path}`
    const { body } = input
    const response = await fetchAnswer(toTarget(route, input), method, { body }, options)
    return (await readAnswer(response, `${method} ${route}`)) as never
  }
}

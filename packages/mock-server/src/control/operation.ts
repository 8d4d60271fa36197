import { type ServerResponse, STATUS_CODES } from 'node:http'
import { type ErrorEntry, errorCatalogue } from '@sendbox/schema'
import { z } from 'zod'
import { type Refusal, type ServiceResponse, toErrorBody } from '../http/response.ts'
import type { Services } from '../services.ts'

/** The path prefix of the control API. */
export const controlPrefix = '/__sendbox'

type ValueOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined

/** A call of the control API with its parsed body and query. */
export interface ControlCall<Body, Query> {
  /** The values of the path's `{…}`, by name. */
  readonly params: Readonly<Record<string, string>>
  readonly body: ValueOf<Body>
  readonly query: ValueOf<Query>
  /** Aborted when the connection of the call closes. */
  readonly signal: AbortSignal
  /** The `Last-Event-ID` of a reader of events who comes back. */
  readonly lastEventId?: string | undefined
}

/** A response that lasts as long as its reader reads; it begins with the headers of a stream of events. */
export interface StreamedResponse {
  readonly stream: (response: ServerResponse) => void
}

/** The schemas of responses by status, `null` if not JSON. */
type ControlResponses = Readonly<Record<number, z.ZodType | null>>

/** One operation of the control API, from which its route and its OpenAPI description are derived. */
export interface ControlOperation<
  Body extends z.ZodType | undefined = z.ZodType | undefined,
  Query extends z.ZodObject | undefined = z.ZodObject | undefined,
> {
  /** The `operationId` in OpenAPI. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** The path below `/__sendbox`, with `{…}` for its parameters. */
  readonly path: string
  /** One line for the docs, OpenAPI and the index. */
  readonly summary: string
  /** The schema of the JSON body, which is optional if the schema accepts `undefined`. */
  readonly body?: Body
  /**
   * The maximum size of the body, in bytes.
   * @default 1_048_576
   */
  readonly maxBodyBytes?: number
  /**
   * The maximum number of JSON values in the body.
   * @default 10_000
   */
  readonly maxJsonValues?: number
  /** Refuses a body before its schema is checked. */
  readonly refuseBody?: (
    body: unknown,
    params: Readonly<Record<string, string>>,
  ) => ServiceResponse | undefined
  /** The schema of the query. */
  readonly query?: Query
  /** 400 for an invalid body or query need not be listed. */
  readonly responses: ControlResponses
  /**
   * The media type of a successful response that is not JSON, or of a stream whose events have JSON.
   * @default none: the response is JSON, or has no body
   */
  readonly contentType?: string
  handle(
    call: ControlCall<Body, Query>,
    services: Services,
  ): Promise<ServiceResponse> | ServiceResponse | StreamedResponse
}

type InputOf<Schema> = Schema extends z.ZodType ? z.input<Schema> : undefined

type AnswerOf<Responses> = {
  [Status in keyof Responses & (200 | 201)]: Responses[Status] extends z.ZodType
    ? z.output<Responses[Status]>
    : string
}[keyof Responses & (200 | 201)]

/** An operation with the types that the control client needs. */
export interface TypedOperation<
  Id extends string = string,
  Path extends string = string,
  Body = unknown,
  Query = unknown,
  Answer = unknown,
> extends ControlOperation {
  readonly id: Id
  readonly path: Path
  /** Types only: of what a call sends, and of what a successful one answers. */
  readonly types?: { readonly body: Body; readonly query: Query; readonly answer: Answer }
}

/** Infers the types of an operation, for its `handle` and for the control client; its schemas' own types are erased. */
export const defineControlOperation = <
  Id extends string,
  Path extends string,
  Responses extends ControlResponses,
  Body extends z.ZodType | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
>(
  operation: ControlOperation<Body, Query> & {
    readonly id: Id
    readonly path: Path
    readonly responses: Responses
  },
): TypedOperation<Id, Path, InputOf<Body>, InputOf<Query>, AnswerOf<Responses>> => operation

/** The body of every refusal; `problems` lists those of a body or query. */
export const ControlRefusalSchema = z.object({
  /** The reason phrase of the status. */
  title: z.string(),
  /** Why the call is refused, and what to do instead. */
  details: z.string(),
  /** The service's number of the error, where the service has one. Rule: RES-7. */
  errorCode: z.int().exactOptional(),
  problems: z
    .array(
      z.object({
        /** JSON Pointer. */
        path: z.string(),
        expected: z.string(),
        received: z.string(),
        message: z.string(),
        /** The rule that refuses a part of what the service is sent, and its evidence. */
        rule: z.string().exactOptional(),
        evidence: z.string().exactOptional(),
      }),
    )
    .readonly()
    .exactOptional(),
})
type ControlRefusal = z.output<typeof ControlRefusalSchema>

/** Creates the response of a refused call; `details` say why, and what to do instead. */
export const refuseControl = (
  status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 429,
  details: string,
  more: Pick<ServiceResponse, 'headers'> &
    Pick<ControlRefusal, 'errorCode' | 'problems'> &
    Record<string, unknown> = {},
): ServiceResponse => {
  const { headers, ...rest } = more
  const body = { title: STATUS_CODES[status], details, ...rest }
  return { status, body, ...(headers && { headers }) }
}

/** Refuses a call as the service refuses it: with its words and its number. Rule: RES-7. */
export function refuseAsService(refusal: Pick<Refusal, 'errorCode' | 'params'>): ServiceResponse {
  const { status }: ErrorEntry = errorCatalogue[refusal.errorCode]
  return { status, body: toErrorBody(refusal) satisfies ControlRefusal }
}

/** Records in a page of a list, unless another number is asked for. */
export const pageSize = 100

/** Maximum number of records in a page of a list. */
export const maxPageSize = 1000

/** The header of a page that others follow: the same call with another place to begin. Source: RFC 8288. */
export const toNextLink = (
  path: string,
  query: Readonly<Record<string, string | number | null | undefined>>,
): Readonly<Record<string, string>> => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) search.set(name, String(value))
  return { Link: `<${controlPrefix}${path}?${search.toString()}>; rel="next"` }
}

/** The query of a list that is sorted by id. */
export const IdPageQuerySchema = z.strictObject({
  /** The id that the page begins after. */
  after: z.string().min(1).exactOptional(),
  limit: z.coerce.number().int().min(1).max(maxPageSize).default(pageSize),
})

/** The ids of a page of sorted ones, and the header that leads to the next page. */
export function toIdPage(
  path: string,
  sorted: readonly string[],
  { after, limit }: z.output<typeof IdPageQuerySchema>,
): { readonly ids: readonly string[] } & Pick<ServiceResponse, 'headers'> {
  const rest = after === undefined ? sorted : sorted.filter(id => id > after)
  const ids = rest.slice(0, limit)
  return rest.length > limit
    ? { ids, headers: toNextLink(path, { after: ids.at(-1), limit }) }
    : { ids }
}

/** Maximum number of calls that wait for the requests of an account, and of those that wait for its deliveries. */
export const maxWaits = 1000

/** Refuses a call that would wait beside {@link maxWaits} others. */
export const refuseWait = (accountId: string): ServiceResponse =>
  refuseControl(
    429,
    `${maxWaits} calls wait in account ${accountId} already: close some of them, or wait for their timeouts`,
  )

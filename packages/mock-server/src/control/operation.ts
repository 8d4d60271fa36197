import { z } from 'zod'
import type { ServiceResponse } from '../http/response.ts'
import type { Services } from '../services.ts'

/** Where the control API stands. */
export const controlPrefix = '/__sendbox'

type ValueOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined

/** A call of the control API, read and checked. */
export interface ControlCall<Body, Query> {
  /** What the path's `{…}` stand for. */
  readonly params: Readonly<Record<string, string>>
  readonly body: ValueOf<Body>
  readonly query: ValueOf<Query>
}

/** One operation of the control API: all that its route and its OpenAPI description are made from. */
export interface ControlOperation<
  Body extends z.ZodType | undefined = z.ZodType | undefined,
  Query extends z.ZodObject | undefined = z.ZodObject | undefined,
> {
  /** Names it in OpenAPI. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below `/__sendbox`, with `{…}` for its parameters. */
  readonly path: string
  /** One line for a newcomer. */
  readonly summary: string
  /** The JSON body that it takes; one that takes `undefined` may be left out. */
  readonly body?: Body
  /**
   * The largest body that it takes, in bytes.
   * @default 1_048_576
   */
  readonly maxBodyBytes?: number
  /** Refuses a body for a reason that goes before its schema. */
  readonly refuseBody?: (
    body: unknown,
    params: Readonly<Record<string, string>>,
  ) => ServiceResponse | undefined
  /** The parameters of its query. */
  readonly query?: Query
  /** What it answers, by status; `null` for an answer that is not JSON. 400 for a bad body or query is understood. */
  readonly answers: Readonly<Record<number, z.ZodType | null>>
  /**
   * The media type of an answer that is not JSON.
   * @default none: it has no body
   */
  readonly contentType?: string
  handle(
    call: ControlCall<Body, Query>,
    service: Services,
  ): Promise<ServiceResponse> | ServiceResponse
}

/** Lets TypeScript see body and query of an operation, then forgets them, so that all fit into one list. */
export const defineControlOperation = <
  Body extends z.ZodType | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
>(
  operation: ControlOperation<Body, Query>,
): ControlOperation => operation

/** Why the control API does not do what it was asked; `problems` say what is wrong with a body or query. */
export const ControlRefusalSchema = z.object({
  title: z.string(),
  details: z.string(),
  problems: z
    .array(
      z.object({
        /** JSON Pointer. */
        path: z.string(),
        expected: z.string(),
        received: z.string(),
        message: z.string(),
      }),
    )
    .readonly()
    .exactOptional(),
})
type ControlRefusal = z.output<typeof ControlRefusalSchema>

const titles = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
} as const

/** Answers that something is not done, and why; `details` say what to do instead. */
export const refuseControl = (
  status: keyof typeof titles,
  details: string,
  more: Pick<ServiceResponse, 'headers'> &
    Pick<ControlRefusal, 'problems'> &
    Record<string, unknown> = {},
): ServiceResponse => {
  const { headers, ...rest } = more
  const body = { title: titles[status], details, ...rest }
  return { status, body, ...(headers && { headers }) }
}

/** An answer of the stand-in. */
export interface StandInAnswer {
  readonly status: number
  /** JSON, or the bytes of a file. */
  readonly body?: unknown
}

/** A refusal, thrown by whoever sees the reason. */
export class Refusal extends Error {
  readonly status: number
  readonly errorCode: number
  readonly title: string
  /** The request that was refused, where another than the whole body. */
  readonly reqId: unknown

  constructor(errorCode: number, details: string, more: { title?: string; reqId?: unknown } = {}) {
    super(details)
    this.errorCode = errorCode
    this.status = Math.floor(errorCode / 100)
    this.title = more.title ?? 'Bad Request'
    this.reqId = more.reqId
  }
}

/** The wire form of a refusal; those of tokens name no request. */
export function toRefusalAnswer(refusal: Refusal, id: unknown): StandInAnswer {
  const { status, errorCode, title, message } = refusal
  const reqId = refusal.reqId ?? id
  const named =
    reqId === undefined || status === 401 ? {} : { reqId: `${reqId as string | number}` }
  const body = { title, details: message, errorCode }
  return {
    status,
    body: { kind: 'resp', ...named, code: status, body, type: '.ReqBody$ErrorResp' },
  }
}

/** JSON as it comes in; whoever reads it checks it. */
export type Json = Readonly<Record<string, unknown>>

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An object of JSON, else a refusal. */
export function asJson(value: unknown, where: string): Json {
  if (!isJson(value)) throw new Refusal(40052, `${where}: expected an object`)
  return value
}

import type { Response } from 'express'
import { type Content, type ServiceResponse, writeHead, writeServiceResponse } from './response.ts'

/** How a call ended on the wire; all but `whole` are the work of a fault. */
export type WireOutcome = 'whole' | 'hang' | 'reset' | 'truncated' | 'malformed' | 'lost'

/** What became of a call. */
export interface Outcome {
  /** What the mock answered, or would have answered; absent where a fault acted before the model and gave none. */
  readonly answer?: ServiceResponse
  readonly delivery: WireOutcome
  /** The fault that acted. */
  readonly faultId?: string
}

/** Promises the whole answer, sends half of its body, and ends the connection; an empty body lacks a byte as well. */
function writeHalf(
  response: Response,
  answer: ServiceResponse,
  content: Content | undefined,
): void {
  const promised = content?.length ? content : new Uint8Array(1)
  writeHead(response, answer, promised)
  response.flushHeaders()
  const whole = Buffer.from(promised)
  response.write(whole.subarray(0, Math.floor(whole.byteLength / 2)))
  response.req.socket.destroySoon()
}

/** Looks like JSON, and breaks off. */
const malformed = Buffer.from('{"sendbox":"malformed')

const writeMalformed = (response: Response, { status, headers }: ServiceResponse): void =>
  writeServiceResponse(response, {
    status,
    bytes: malformed,
    headers: { 'Content-Type': 'application/json;charset=utf-8', ...headers },
  })

/** Puts what became of a call on the wire, where `content` is the answer's; a call that hangs stays as it is. */
export function writeResponse(
  response: Response,
  { answer, delivery }: Outcome,
  content: Content | undefined,
): void {
  const { socket } = response.req
  if (delivery === 'reset') socket.resetAndDestroy()
  else if (delivery === 'lost') socket.destroy()
  else if (answer === undefined) return
  else if (delivery === 'truncated') writeHalf(response, answer, content)
  else if (delivery === 'malformed') writeMalformed(response, answer)
  else writeServiceResponse(response, answer, content)
}

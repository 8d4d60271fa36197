import type { Response } from 'express'
import type { WireOutcome } from '../journal/record.ts'
import { type Content, type ServiceResponse, writeHead, writeServiceResponse } from './response.ts'

/** The result of a call. */
export interface Outcome {
  /** The response of the operation or the fault, sent whole or not; absent if a fault ended the call without one. */
  readonly answer?: ServiceResponse
  readonly delivery: WireOutcome
  /** The fault that acted. */
  readonly faultId?: string
}

type Writer<Answer> = (response: Response, answer: Answer, content: Content | undefined) => void

/** Sends the head of the response and half of its body, then ends the connection; an empty body is announced as one byte. */
const writeHalf: Writer<ServiceResponse> = (response, answer, content) => {
  const promised = content?.length ? content : new Uint8Array(1)
  writeHead(response, answer, promised)
  response.flushHeaders()
  const whole = Buffer.from(promised)
  response.write(whole.subarray(0, Math.floor(whole.byteLength / 2)))
  response.req.socket.destroySoon()
}

/** JSON that breaks off. */
const malformed = Buffer.from('{"sendbox":"malformed')

const writeMalformed: Writer<ServiceResponse> = (response, { status, headers }) =>
  writeServiceResponse(response, {
    status,
    bytes: malformed,
    headers: { 'Content-Type': 'application/json;charset=utf-8', ...headers },
  })

const ifAnswered =
  (write: Writer<ServiceResponse>): Writer<ServiceResponse | undefined> =>
  (response, answer, content) => {
    if (answer) write(response, answer, content)
  }

export const writers = {
  whole: ifAnswered(writeServiceResponse),
  truncated: ifAnswered(writeHalf),
  malformed: ifAnswered(writeMalformed),
  lost: ({ req }) => req.socket.destroy(),
  reset: ({ req }) => req.socket.resetAndDestroy(),
  hang: () => {},
} as const satisfies Readonly<Record<WireOutcome, Writer<ServiceResponse | undefined>>>

/** Writes the outcome of a call, where `content` is that of its answer; a call that hangs is left open. */
export function writeResponse(
  response: Response,
  { answer, delivery }: Outcome,
  content: Content | undefined,
): void {
  writers[delivery](response, answer, content)
}

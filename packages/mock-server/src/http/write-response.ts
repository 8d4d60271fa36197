import type { Response } from 'express'
import type { WireOutcome } from '../journal/record.ts'
import { type Content, type ServiceResponse, writeHead, writeServiceResponse } from './response.ts'

/** The result of a call. */
export interface Outcome {
  /** The response of the operation or the fault, sent whole or not; absent if a fault ended the call without one. */
  readonly response?: ServiceResponse
  readonly delivery: WireOutcome
  /** The fault that acted. */
  readonly faultId?: string
}

type Writer<Sent> = (wire: Response, response: Sent, content: Content | undefined) => void

/** Sends the head of the response and half of its body, then ends the connection; an empty body is announced as one byte. */
const writeHalf: Writer<ServiceResponse> = (wire, response, content) => {
  const announced = content?.length ? content : new Uint8Array(1)
  writeHead(wire, response, announced)
  wire.flushHeaders()
  const whole = Buffer.from(announced)
  wire.write(whole.subarray(0, Math.floor(whole.byteLength / 2)))
  wire.req.socket.destroySoon()
}

/** JSON that breaks off. */
const malformed = Buffer.from('{"sendbox":"malformed')

const writeMalformed: Writer<ServiceResponse> = (wire, { status, headers }) =>
  writeServiceResponse(wire, {
    status,
    bytes: malformed,
    headers: { 'Content-Type': 'application/json;charset=utf-8', ...headers },
  })

const ifPresent =
  (write: Writer<ServiceResponse>): Writer<ServiceResponse | undefined> =>
  (wire, response, content) => {
    if (response) write(wire, response, content)
  }

export const writers = {
  whole: ifPresent(writeServiceResponse),
  truncated: ifPresent(writeHalf),
  malformed: ifPresent(writeMalformed),
  lost: ({ req }) => req.socket.destroy(),
  reset: ({ req }) => req.socket.resetAndDestroy(),
  hang: () => {},
} as const satisfies Readonly<Record<WireOutcome, Writer<ServiceResponse | undefined>>>

/** Writes the outcome of a call, where `content` is the body of its response; a call that hangs is left open. */
export function writeResponse(
  wire: Response,
  { response, delivery }: Outcome,
  content: Content | undefined,
): void {
  writers[delivery](wire, response, content)
}

import type { Response } from 'express'
import { type Answer, writeAnswer, writeHead } from './answer.ts'
import type { Outcome } from './outcome.ts'

/** Promises the whole answer, sends half of its body, and ends the connection; an empty body lacks a byte as well. */
function writeHalf(response: Response, answer: Answer): void {
  const isEmpty = answer.body === undefined && !answer.bytes?.byteLength
  const content = writeHead(response, isEmpty ? { ...answer, bytes: new Uint8Array(1) } : answer)
  response.flushHeaders()
  if (content) {
    const whole = Buffer.from(content)
    response.write(whole.subarray(0, Math.floor(whole.byteLength / 2)))
  }
  response.req.socket.destroySoon()
}

/** Looks like JSON, and breaks off. */
const malformed = Buffer.from('{"sendbox":"malformed')

const writeMalformed = (response: Response, { status, headers }: Answer): void =>
  writeAnswer(response, {
    status,
    bytes: malformed,
    headers: { 'Content-Type': 'application/json;charset=utf-8', ...headers },
  })

/** Puts what became of a call on the wire; a call that hangs stays as it is. */
export function deliver(response: Response, { answer, delivery }: Outcome): void {
  const { socket } = response.req
  if (delivery === 'reset') socket.resetAndDestroy()
  else if (delivery === 'lost') socket.destroy()
  else if (answer === undefined) return
  else if (delivery === 'truncated') writeHalf(response, answer)
  else if (delivery === 'malformed') writeMalformed(response, answer)
  else writeAnswer(response, answer)
}

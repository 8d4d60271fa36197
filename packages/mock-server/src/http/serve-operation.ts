import type { OperationId } from '@sendbox/schema'
import type { RequestHandler } from 'express'
import type { Service } from '../service.ts'
import { type Answer, withEvidence, writeAnswer } from './answer.ts'
import { type Call, readCall } from './call.ts'
import type { Outcome } from './outcome.ts'

/** Answers a call of one operation. */
export type OperationHandler = (call: Call, service: Service) => Promise<Answer>

async function answerCall(
  call: Call,
  handler: OperationHandler,
  service: Service,
): Promise<Outcome> {
  const answer = withEvidence(await handler(call, service), service.settings)
  return { answer, delivery: 'whole' }
}

/** The way of a call through the mock, from its bytes to those of its answer. */
export const serveOperation =
  (
    operationId: OperationId,
    handler: OperationHandler,
    service: Service,
  ): RequestHandler<Record<string, string>> =>
  async (request, response) => {
    const call = await readCall(operationId, request, response, service)
    const { answer } = await answerCall(call, handler, service)
    if (answer) writeAnswer(response, answer)
  }

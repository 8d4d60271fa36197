import type { OperationId } from '@sendbox/schema'
import type { RequestHandler } from 'express'
import { findFault, mayHaveFault } from '../faults/find-fault.ts'
import { toCallRecord } from '../journal/journal-record.ts'
import type { Service } from '../service.ts'
import { type Answer, toContent, withEvidence } from './answer.ts'
import { applyFault } from './apply-fault.ts'
import { type Call, readCall } from './call.ts'
import { deliver } from './deliver.ts'
import { logCall } from './log-call.ts'
import type { Outcome } from './outcome.ts'

/** Answers a call of one operation. */
export type OperationHandler = (call: Call, service: Service) => Promise<Answer>

/** Processes a call as its fault lets it; there is no outcome where a reset called it off. */
async function answerCall(
  call: Call,
  handler: OperationHandler,
  service: Service,
): Promise<Outcome | undefined> {
  const fault = mayHaveFault(call, service) ? await findFault(call, service) : undefined
  if (fault) return applyFault({ fault, call, service, handle: () => handler(call, service) })
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
    const startedAt = performance.now()
    const call = await readCall(operationId, request, response, service)
    const outcome = await answerCall(call, handler, service)
    const kept = service.keep(call.accountId)
    if (kept) await kept
    if (outcome === undefined) return
    const content = outcome.answer && toContent(outcome.answer)
    const record = toCallRecord(call, outcome, content, performance.now() - startedAt)
    service.journals.of(call.accountId).record(record)
    service.metrics.observe(record)
    logCall(service.log, call.accountId, record)
    deliver(response, outcome, content)
  }

import type { OperationId } from '@sendbox/schema'
import type { RequestHandler } from 'express'
import { findFault, mayHaveFault } from '../faults/find-fault.ts'
import { toCallRecord } from '../journal/journal-record.ts'
import type { Service } from '../service.ts'
import { type Soon, whenThere } from '../soon.ts'
import { type Answer, type Content, toContent, withEvidence } from './answer.ts'
import { applyFault } from './apply-fault.ts'
import { type Call, readCall } from './call.ts'
import { deliver } from './deliver.ts'
import { logCall } from './log-call.ts'
import type { Outcome } from './outcome.ts'

/** Answers a call of one operation. */
export type OperationHandler = (call: Call, service: Service) => Soon<Answer>

const toWhole = (answer: Answer, { settings }: Service): Outcome => ({
  answer: withEvidence(answer, settings),
  delivery: 'whole',
})

/** Writes down what became of a call, and gives what its answer holds. */
function writeDown(
  call: Call,
  outcome: Outcome,
  durationMs: number,
  service: Service,
): Content | undefined {
  const content = outcome.answer && toContent(outcome.answer)
  const record = toCallRecord(call, outcome, content, durationMs)
  service.journals.of(call.accountId).record(record)
  service.metrics.observe(record)
  logCall(service.log, call.accountId, record)
  return content
}

/** The way of a call through the mock, from its bytes to those of its answer; what fails is given to `next`. */
export const serveOperation =
  (
    operationId: OperationId,
    handler: OperationHandler,
    service: Service,
  ): RequestHandler<Record<string, string>> =>
  async (request, response, next) => {
    try {
      const startedAt = performance.now()
      const call = await readCall(operationId, request, response, service)
      const fault = mayHaveFault(call, service) ? await findFault(call, service) : undefined
      const handle = () => handler(call, service)
      const acting = fault
        ? applyFault({ fault, call, service, handle })
        : whenThere(handle(), answer => toWhole(answer, service))
      const outcome = acting instanceof Promise ? await acting : acting
      const kept = service.keep(call.accountId)
      if (kept) await kept
      // A reset of the account called it off.
      if (outcome === undefined) return
      const content = writeDown(call, outcome, performance.now() - startedAt, service)
      deliver(response, outcome, content)
    } catch (error) {
      next(error)
    }
  }

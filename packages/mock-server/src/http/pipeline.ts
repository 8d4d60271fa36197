import type { OperationId } from '@sendbox/schema'
import type { RequestHandler } from 'express'
import { type JournalRecord, toCallRecord } from '../journal/record.ts'
import type { Logger } from '../logger.ts'
import { rulesOfService } from '../model/evidence.ts'
import { redactSecrets } from '../redact-secrets.ts'
import type { Services } from '../services.ts'
import { type Soon, whenThere } from '../soon.ts'
import { type Call, readCall } from './call.ts'
import { applyFault } from './fault-outcome.ts'
import { findFault, mayHaveFault } from './find-fault.ts'
import { type Content, type ServiceResponse, toContent, withEvidence } from './response.ts'
import { type Outcome, writeResponse } from './write-response.ts'

/** Says what became of a call; nothing of its headers, its query and its payload but the id of the conversation. */
function logCall(log: Logger, accountId: string, record: JournalRecord): void {
  if (log.isLevelEnabled?.('debug') === false) return
  const { operation, status, conversationId, rules, faultId, delivery, durationMs } = record
  const fields = {
    operation,
    status,
    accountId,
    conversationId,
    rules: rulesOfService(rules),
    ...(faultId !== undefined && { faultId, delivery }),
    durationMs: durationMs && Math.round(durationMs * 100) / 100,
  }
  log.debug(redactSecrets(fields) as typeof fields, 'call')
}

/** Answers a call of one operation. */
export type OperationHandler = (call: Call, service: Services) => Soon<ServiceResponse>

const toOutcome = (answer: ServiceResponse, { settings }: Services): Outcome => ({
  answer: withEvidence(answer, settings),
  delivery: 'whole',
})

/** Writes down what became of a call, and gives what its answer holds. */
function recordCall(
  call: Call,
  outcome: Outcome,
  durationMs: number,
  service: Services,
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
    service: Services,
  ): RequestHandler<Record<string, string>> =>
  async (request, response, next) => {
    try {
      const startedAt = performance.now()
      const call = await readCall(operationId, request, response, service)
      const fault = mayHaveFault(call, service) ? await findFault(call, service) : undefined
      const handle = () => handler(call, service)
      const acting = fault
        ? applyFault({ fault, call, services: service, handle })
        : whenThere(handle(), answer => toOutcome(answer, service))
      const outcome = acting instanceof Promise ? await acting : acting
      const kept = service.flush(call.accountId)
      if (kept) await kept
      // A reset of the account called it off.
      if (outcome === undefined) return
      const content = recordCall(call, outcome, performance.now() - startedAt, service)
      writeResponse(response, outcome, content)
    } catch (error) {
      next(error)
    }
  }

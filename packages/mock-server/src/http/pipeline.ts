import type { OperationId } from '@sendbox/schema'
import type { RequestHandler } from 'express'
import type { Services } from '../services.ts'
import { type Call, readCall } from './call.ts'
import { explainResponse } from './explain/explain.ts'
import { applyFault } from './fault-outcome.ts'
import { findFault } from './find-fault.ts'
import { recordCall } from './record-call.ts'
import {
  type Content,
  type Outcome,
  type ServiceResponse,
  withEvidence,
  writeResponse,
} from './response.ts'

/** Responds to a call of one operation. */
export type OperationHandler = (call: Call, services: Services) => Promise<ServiceResponse>

/** A call that was processed and recorded, to be written to the wire. */
interface HandledCall {
  readonly outcome: Outcome
  /** The body of the response. */
  readonly content: Content | undefined
}

const isRefused = ({ response }: Outcome): boolean =>
  response !== undefined && (response.refusal ?? response.explanation) !== undefined

/** Explains the refusal of an outcome. Rule: RES-9a. */
async function explain(outcome: Outcome, call: Call, services: Services): Promise<Outcome> {
  const { response } = outcome
  return response
    ? { ...outcome, response: await explainResponse(response, call, services) }
    : outcome
}

/**
 * Processes a call: fault, operation, flush, record. Resolves with `undefined` where a reset of the account cancelled it. It writes nothing
 * to the wire.
 */
export async function handleCall(
  call: Call,
  handler: OperationHandler,
  services: Services,
): Promise<HandledCall | undefined> {
  const startedAt = performance.now()
  const { settings } = call
  const { faults, flush } = services
  const mayHaveFault = settings.magicValues || faults.find(call.accountId) !== undefined
  const fault = mayHaveFault ? await findFault(call, services) : undefined
  const outcome: Outcome | undefined = fault
    ? await applyFault({ fault, call, services, handler })
    : {
        response: withEvidence(await handler(call, services), settings),
        delivery: 'whole',
      }
  if (flush) await flush(call.accountId)
  if (outcome === undefined) return undefined
  const explained = isRefused(outcome) ? await explain(outcome, call, services) : outcome
  const content = recordCall(call, explained, performance.now() - startedAt, services)
  return { outcome: explained, content }
}

/** Serves the calls of one operation, from their bytes to those of the response; passes a failure of the mock itself to `next`. */
export const serveOperation =
  (
    operationId: OperationId,
    handler: OperationHandler,
    services: Services,
  ): RequestHandler<Record<string, string>> =>
  async (request, response, next) => {
    try {
      const call = await readCall(operationId, request, response, services)
      const handled = await handleCall(call, handler, services)
      if (handled) writeResponse(response, handled.outcome, handled.content)
    } catch (error) {
      next(error)
    }
  }

import type { ErrorRequestHandler } from 'express'
import type { Logger } from '../logger.ts'
import { DataError } from '../persistence/data-error.ts'
import type { Services } from '../services.ts'
import { toErrorResponse, writeServiceResponse } from './response.ts'
import { recordUnmatched, respondToUnmatched } from './unmatched.ts'

/** Who is told of an exception in the mock itself. */
export interface FailureOptions {
  readonly log?: Logger
  readonly reportError?: (error: Error) => void
}

const isMalformedUrl = (error: unknown): boolean => error instanceof URIError

/** Answers a call that failed with an exception in the mock itself, and reports it. Rule: RES-7. */
export function respondToFailure(
  service: Services,
  { log, reportError = log ? () => {} : error => process.emitWarning(error) }: FailureOptions,
): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error)
    if (isMalformedUrl(error)) {
      const answer = toErrorResponse({ errorCode: 40452 }, service.settings)
      return respondToUnmatched(request, response, answer, service)
    }
    const failure = error instanceof Error ? error : new Error(String(error))
    reportError(failure)
    const isBug = !(failure instanceof DataError)
    const words = isBug ? 'the mock failed, which is a bug of Sendbox' : 'a call was not kept'
    service.log.error({ err: failure }, words)
    const refusal = { errorCode: 50050, params: { message: failure.message } } as const
    const answer = toErrorResponse(refusal, service.settings)
    try {
      recordUnmatched(request, answer, service)
    } catch (recordError) {
      service.log.error({ err: recordError }, 'the failure is not in the journal')
    }
    return writeServiceResponse(response, answer)
  }
}

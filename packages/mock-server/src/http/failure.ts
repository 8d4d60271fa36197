import { errorCodes } from '@sendbox/schema'
import type { ErrorRequestHandler, Request, Response } from 'express'
import type { Logger } from '../logger.ts'
import { DataError } from '../persistence/data-error.ts'
import type { Services } from '../services.ts'
import { recordUnmatched } from './record-call.ts'
import { type ServiceResponse, toErrorResponse, writeServiceResponse } from './response.ts'

/** Where an exception in the mock itself is reported. */
export interface FailureOptions {
  readonly log?: Logger
  readonly reportError?: (error: Error) => void
}

/** Responds to a request that is none of an operation; records and counts it. */
export function respondToUnmatched(
  request: Request,
  wire: Response,
  response: ServiceResponse,
  services: Services,
): void {
  recordUnmatched(request, response, services)
  services.metrics.observeUnmatched(response.status)
  writeServiceResponse(wire, response)
}

const isMalformedUrl = (error: unknown): boolean => error instanceof URIError

/** Responds to a call that failed with an exception in the mock itself, and reports it. Rule: RES-7. */
export function respondToFailure(
  services: Services,
  { log, reportError = log ? () => {} : error => process.emitWarning(error) }: FailureOptions,
): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error)
    if (isMalformedUrl(error)) {
      const answer = toErrorResponse({ errorCode: errorCodes.pathNotFound }, services.settings)
      return respondToUnmatched(request, response, answer, services)
    }
    const failure = error instanceof Error ? error : new Error(String(error))
    reportError(failure)
    const isBug = !(failure instanceof DataError)
    const words = isBug ? 'the mock failed, which is a bug of Sendbox' : 'a call was not kept'
    services.log.error({ err: failure }, words)
    const refusal = {
      errorCode: errorCodes.internalError,
      params: { message: failure.message },
    } as const
    const answer = toErrorResponse(refusal, services.settings)
    try {
      recordUnmatched(request, answer, services)
    } catch (recordError) {
      services.log.error({ err: recordError }, 'the failure is not in the journal')
    }
    return writeServiceResponse(response, answer)
  }
}

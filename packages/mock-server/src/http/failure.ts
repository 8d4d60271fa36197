import { errorCodes } from '@sendbox/schema'
import type { ErrorRequestHandler, Request, Response } from 'express'
import type { Logger } from '../logger.ts'
import { DataError } from '../persistence/data-error.ts'
import { redactError } from '../redact/error.ts'
import type { Services } from '../services.ts'
import { readAccountId } from './call.ts'
import { withExplanation } from './explain/explain.ts'
import type { Explanation } from './explain/explanation.ts'
import { explainPath } from './explain/path.ts'
import { recordUnmatched } from './record-call.ts'
import { type ServiceResponse, toErrorResponse, writeServiceResponse } from './response.ts'

/** Where an exception in the mock itself is reported. */
export interface FailureOptions {
  readonly log?: Logger
  readonly reportError?: (error: Error) => void
  /** Gives the response another form than that of the service's errors. */
  readonly toForm?: (response: ServiceResponse) => ServiceResponse
}

/** The response to a request that is none of an operation, and why it is refused, if it is. */
interface UnmatchedAnswer {
  readonly response: ServiceResponse
  readonly explanation: Explanation | undefined
}

/** Responds to a request that is none of an operation; records and counts it. Rule: RES-9a. */
export function respondToUnmatched(
  request: Request,
  wire: Response,
  { response, explanation }: UnmatchedAnswer,
  services: Services,
): void {
  const explained = explanation
    ? withExplanation(response, explanation, request, services)
    : response
  if (request.path === '/favicon.ico')
    services.log.debug({ status: response.status }, 'a browser asks for an icon')
  else recordUnmatched(request, explained, services)
  services.metrics.observeUnmatched(response.status)
  writeServiceResponse(wire, explained)
}

const explainFailure = (isBug: boolean): Explanation => ({
  part: 'The mock',
  expected: 'an answer',
  received: isBug ? 'an exception, which is a bug of Sendbox' : 'an error of the data folder',
  hint: 'its log has the whole error',
})

const isMalformedUrl = (error: unknown): boolean => error instanceof URIError

/** Responds to a call that failed with an exception in the mock itself, and reports it. Rule: RES-7. */
export function respondToFailure(
  services: Services,
  {
    log,
    reportError = log ? () => {} : error => process.emitWarning(error),
    toForm = response => response,
  }: FailureOptions,
): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error)
    if (isMalformedUrl(error)) {
      const { atStart } = services.settings
      const answer = toErrorResponse({ errorCode: errorCodes.pathNotFound }, atStart)
      const unmatched = { response: answer, explanation: explainPath(request) }
      return respondToUnmatched(request, response, unmatched, services)
    }
    const failure = error instanceof Error ? error : new Error(String(error))
    const shown = redactError(failure)
    reportError(shown)
    const isBug = !(failure instanceof DataError)
    const words = isBug ? 'the mock failed, which is a bug of Sendbox' : 'a call was not kept'
    services.log.error({ err: failure }, words)
    const refusal = {
      errorCode: errorCodes.internalError,
      params: { message: shown.message },
    } as const
    const settings = services.settings.of(readAccountId(request.originalUrl))
    const failed = toForm(toErrorResponse(refusal, settings))
    const answer = withExplanation(failed, explainFailure(isBug), request, services)
    try {
      recordUnmatched(request, answer, services)
    } catch (recordError) {
      services.log.error({ err: recordError }, 'the failure is not in the journal')
    }
    return writeServiceResponse(response, answer)
  }
}

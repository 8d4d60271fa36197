import type { Request, Response } from 'express'
import { toUnmatchedRecord } from '../journal/record.ts'
import type { Services } from '../services.ts'
import { type ServiceResponse, writeServiceResponse } from './response.ts'

/** Where a path names an account, whatever is around that; a storage path does it in a place of its own. */
const accountIn = /\/(?:api\/account|v1\/AUTH_async-images)\/([^/?]+)/i

function readAccountId(url: string): string | undefined {
  try {
    return decodeURIComponent(accountIn.exec(url)?.[1] ?? '') || undefined
  } catch {
    return undefined
  }
}

/** Keeps a request that is none of an operation, with its answer, in the journal of the account that its path names, if it names one. */
export function recordUnmatched(
  request: Request,
  answer: ServiceResponse,
  service: Services,
): void {
  const accountId = readAccountId(request.originalUrl)
  if (accountId === undefined) return
  const record = toUnmatchedRecord(request, answer, service.clocks.of(accountId).now())
  service.journals.of(accountId).record(record)
}

/** Answers a request that is none of an operation, and keeps and counts it. */
export function respondToUnmatched(
  request: Request,
  response: Response,
  answer: ServiceResponse,
  service: Services,
): void {
  recordUnmatched(request, answer, service)
  service.metrics.observeUnmatched(answer.status)
  writeServiceResponse(response, answer)
}

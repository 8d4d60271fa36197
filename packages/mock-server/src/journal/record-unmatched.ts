import type { Request } from 'express'
import type { Answer } from '../http/answer.ts'
import type { Service } from '../service.ts'
import { toUnmatchedRecord } from './journal-record.ts'

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
export function recordUnmatched(request: Request, answer: Answer, service: Service): void {
  const accountId = readAccountId(request.originalUrl)
  if (accountId === undefined) return
  const record = toUnmatchedRecord(request, answer, service.clocks.of(accountId).now())
  service.journals.of(accountId).record(record)
}

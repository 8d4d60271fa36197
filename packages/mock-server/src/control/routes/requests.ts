import { z } from 'zod'
import { resendRequest } from '../../handle/resend.ts'
import { JournalEntrySchema } from '../../journal/entry.ts'
import {
  RequestExpectationSchema,
  RequestsFoundSchema,
  RequestsMissedSchema,
  RequestWaitSchema,
} from '../../journal/expectation.ts'
import type { Journal } from '../../journal/journal.ts'
import { RequestQuerySchema } from '../../journal/request-match.ts'
import { RuleCountSchema } from '../../journal/rule-counts.ts'
import { verify, waitFor } from '../../journal/verify.ts'
import {
  ControlRefusalSchema,
  defineControlOperation,
  maxPageSize,
  maxWaits,
  pageSize,
  refuseControl,
  refuseWait,
  toNextLink,
} from '../operation.ts'

const path = '/accounts/{accountId}/requests'

const RequestsSchema = z.object({ requests: z.array(JournalEntrySchema), dropped: z.int().min(0) })

const PageQuerySchema = RequestQuerySchema.extend({
  /** The maximum number of requests: the first ones after `after` if it is given, else the newest. */
  limit: z.coerce.number().int().min(1).max(maxPageSize).default(pageSize),
})

/** A page of a journal, with a link to the next one: of older requests, or of newer ones behind `after`. */
async function list(ofList: string, journal: Journal, query: z.output<typeof PageQuerySchema>) {
  const { dropped } = journal
  const requests = await journal.listInTurns(query)
  const body = { status: 200, body: { requests, dropped } }
  const [first, last] = [requests[0], requests.at(-1)]
  if (requests.length < query.limit || first === undefined || last === undefined) return body
  const next = query.after === undefined ? { before: first.id } : { after: last.id }
  const hasMore = journal.select({ ...query, ...next, limit: 1 }).length > 0
  return hasMore ? { ...body, headers: toNextLink(ofList, { ...query, ...next }) } : body
}

export const listMisses = defineControlOperation({
  id: 'listMisses',
  method: 'GET',
  path: '/requests',
  summary:
    'Lists the requests whose account cannot be read: unknown paths, bytes that are no request, TLS on the plain port, refused web pages and tunnels',
  query: PageQuerySchema,
  responses: { 200: RequestsSchema },
  handle: ({ query }, { journals }) => list('/requests', journals.peek(null), query),
})

export const clearMisses = defineControlOperation({
  id: 'clearMisses',
  method: 'DELETE',
  path: '/requests',
  summary: 'Forgets the requests whose account cannot be read',
  responses: { 200: z.object({ cleared: z.int().min(0) }) },
  handle: (_call, { journals }) => ({ status: 200, body: { cleared: journals.of(null).clear() } }),
})

export const listRequests = defineControlOperation({
  id: 'listRequests',
  method: 'GET',
  path,
  summary:
    'Lists the newest requests of an account with their answers, newest last, and counts those that were dropped; `Link` leads to older ones',
  query: PageQuerySchema,
  responses: { 200: RequestsSchema },
  handle: ({ params: { accountId = '' }, query }, { journals }) =>
    list(`/accounts/${encodeURIComponent(accountId)}/requests`, journals.peek(accountId), query),
})

export const clearRequests = defineControlOperation({
  id: 'clearRequests',
  method: 'DELETE',
  path,
  summary: 'Forgets the requests of an account',
  responses: { 200: z.object({ cleared: z.int().min(0) }) },
  handle: ({ params: { accountId = '' } }, { journals }) => ({
    status: 200,
    body: { cleared: journals.of(accountId).clear() },
  }),
})

export const resendRequestOperation = defineControlOperation({
  id: 'resendRequest',
  method: 'POST',
  path: `${path}/{requestId}/resend`,
  summary:
    'Sends a request of the journal to the mock once more, with new tokens for the same consumer where it had any, and answers with its new entry, whose `by` is `resend`',
  responses: {
    200: z.object({ entry: JournalEntrySchema }),
    404: ControlRefusalSchema,
    409: ControlRefusalSchema,
  },
  async handle({ params: { accountId = '', requestId = '' }, signal }, services) {
    const id = /^\d{1,15}$/.test(requestId) ? Number(requestId) : 0
    const resent = await resendRequest(accountId, id, services, signal)
    return resent.ok
      ? { status: 200, body: { entry: resent.entry } }
      : refuseControl(resent.status, resent.details)
  },
})

export const listRules = defineControlOperation({
  id: 'listRules',
  method: 'GET',
  path: '/accounts/{accountId}/rules',
  summary:
    'Lists the rules that answers of an account rested on since its reset, with the number of these requests, those of most first',
  responses: { 200: z.array(RuleCountSchema) },
  handle: ({ params: { accountId = '' } }, { journals }) => ({
    status: 200,
    body: journals.peek(accountId).rules,
  }),
})

/** A timeout is 422, like a failed verification: HTTP clients retry a 408 by themselves. */
export const waitForRequests = defineControlOperation({
  id: 'waitForRequests',
  method: 'POST',
  path: `${path}/wait`,
  summary:
    'Answers once so many requests match, those that came before included, or explains why not',
  body: RequestWaitSchema,
  responses: {
    200: z.object({ ok: z.literal(true), requests: z.array(JournalEntrySchema) }),
    422: RequestsMissedSchema,
    429: ControlRefusalSchema,
  },
  async handle({ params: { accountId = '' }, body, signal }, { journals }) {
    const journal = journals.of(accountId)
    if (journal.waits >= maxWaits) return refuseWait(accountId)
    const { match, ...options } = body
    const waited = await waitFor(journal, match, options, signal)
    return { status: waited.ok ? 200 : 422, body: waited }
  },
})

export const verifyRequests = defineControlOperation({
  id: 'verifyRequests',
  method: 'POST',
  path: '/accounts/{accountId}/verify',
  summary: 'Says whether requests came as expected: how many, in which order, with which content',
  body: RequestExpectationSchema,
  responses: {
    200: RequestsFoundSchema.extend({ dropped: z.int().min(0) }),
    422: RequestsMissedSchema,
  },
  handle({ params: { accountId = '' }, body }, { journals }) {
    const journal = journals.of(accountId)
    const verdict = verify(journal, body)
    if (!verdict.ok) return { status: 422, body: verdict }
    const dropped = journal.droppedAfter(body.match?.after ?? 0)
    return { status: 200, body: { ...verdict, dropped } }
  },
})

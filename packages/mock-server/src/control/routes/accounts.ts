import { z } from 'zod'
import { AccountViewSchema, listAccountIds, viewAccounts } from '../../lifecycle/accounts.ts'
import { resetAccounts } from '../../lifecycle/reset.ts'
import {
  ControlRefusalSchema,
  controlPrefix,
  defineControlOperation,
  IdPageQuerySchema,
  pageSize,
  refuseControl,
  toIdPage,
} from '../operation.ts'

export const listAccountsOperation = defineControlOperation({
  id: 'listAccounts',
  method: 'GET',
  path: '/accounts',
  summary:
    'Lists the accounts that anything is kept of, by id; active ones have conversations or requests; `Link` leads to the next ones',
  query: IdPageQuerySchema,
  responses: { 200: z.array(AccountViewSchema) },
  async handle({ query }, services) {
    const { ids, headers } = toIdPage('/accounts', await listAccountIds(services), query)
    const body = await viewAccounts(ids, services)
    return { status: 200, body, ...(headers && { headers }) }
  },
})

const ResetSchema = z.object({ reset: z.array(z.string()) })

export const resetAccountOperation = defineControlOperation({
  id: 'resetAccount',
  method: 'POST',
  path: '/accounts/{accountId}/reset',
  summary:
    'Makes an account what it was at the start: without conversations, files, requests, faults and webhooks; its clock, app installs, bot, settings and ids begin anew',
  responses: { 200: ResetSchema },
  async handle({ params: { accountId = '' } }, services) {
    await resetAccounts(services, accountId)
    return { status: 200, body: { reset: [accountId] } }
  },
})

/** A single active account needs no force: it is the caller's own. */
export const resetEverything = defineControlOperation({
  id: 'resetEverything',
  method: 'POST',
  path: '/reset',
  summary: 'Resets all accounts; where several are active it wants `{"force": true}`',
  body: z.strictObject({ force: z.boolean().default(false) }).prefault({}),
  responses: {
    200: ResetSchema,
    409: ControlRefusalSchema.extend({
      /** The first of the active accounts, 100 at most; `details` has the number of all. */
      accounts: z.array(z.string()).max(pageSize),
    }),
  },
  async handle({ body: { force } }, services) {
    const reset = await listAccountIds(services)
    const known = force ? [] : await viewAccounts(reset, services)
    const accounts = known.filter(({ active }) => active).map(({ accountId }) => accountId)
    if (accounts.length > 1)
      return refuseControl(
        409,
        `${accounts.length} accounts are active, which may be those of others: reset yours with POST ${controlPrefix}/accounts/{accountId}/reset, or all with {"force": true}`,
        { accounts: accounts.slice(0, pageSize) },
      )
    await resetAccounts(services)
    return { status: 200, body: { reset } }
  },
})

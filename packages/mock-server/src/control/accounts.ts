import { z } from 'zod'
import { AccountViewSchema, listAccounts as listAccountViews } from '../accounts.ts'
import { defineControlOperation } from './control-operation.ts'

export const listAccounts = defineControlOperation({
  id: 'listAccounts',
  method: 'GET',
  path: '/accounts',
  summary:
    'Lists the accounts that anything is kept of; active ones have conversations or requests',
  answers: { 200: z.array(AccountViewSchema) },
  handle: async (_call, service) => ({ status: 200, body: await listAccountViews(service) }),
})

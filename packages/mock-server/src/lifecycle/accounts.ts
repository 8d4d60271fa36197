import { z } from 'zod'
import { partNames } from '../accounts/account-part.ts'
import type { Services } from '../services.ts'

/** An account with any state. */
export const AccountViewSchema = z.object({
  accountId: z.string(),
  /** Whether it has conversations, or requests in its journal. */
  active: z.boolean(),
  conversations: z.int().min(0),
  requests: z.int().min(0),
})
export type AccountView = z.output<typeof AccountViewSchema>

/** The ids of all accounts with any state, sorted. */
export async function listAccountIds(services: Services): Promise<string[]> {
  const ids = await Promise.all(partNames.map(async name => services[name].accountIds()))
  return [...new Set(ids.flat())].toSorted()
}

/** The views of accounts, in the order of the ids. */
export async function viewAccounts(
  ids: readonly string[],
  services: Services,
): Promise<AccountView[]> {
  const views: AccountView[] = []
  for (const accountId of ids) {
    const { length: conversations } = await services.store.list(accountId)
    const requests = services.journals.peek(accountId).length
    const active = conversations > 0 || requests > 0
    views.push({ accountId, active, conversations, requests })
  }
  return views
}

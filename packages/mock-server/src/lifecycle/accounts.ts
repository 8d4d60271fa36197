import { z } from 'zod'
import type { Services } from '../services.ts'

/** An account that the mock has seen something of. */
export const AccountViewSchema = z.object({
  accountId: z.string(),
  /** Claims that it has conversations, or requests in its journal. */
  active: z.boolean(),
  conversations: z.int().min(0),
  requests: z.int().min(0),
})
export type AccountView = z.output<typeof AccountViewSchema>

/** Every account that anything is kept of, in the order of their ids. */
export async function listAccountIds(service: Services): Promise<string[]> {
  const { store, files, clocks, installs, random, rateLimit, faults, journals, webhooks, bots } =
    service
  const kept = [files, clocks, installs, random, rateLimit, faults, journals, webhooks, bots]
  const ids = [...(await store.accountIds()), ...kept.flatMap(part => part.accountIds())]
  return [...new Set(ids)].toSorted()
}

/** Shows every account that anything is kept of, in the order of their ids. */
export async function listAccounts(service: Services): Promise<AccountView[]> {
  const views: AccountView[] = []
  for (const accountId of await listAccountIds(service)) {
    const { length: conversations } = await service.store.list(accountId)
    const requests = service.journals.of(accountId).length
    const active = conversations > 0 || requests > 0
    views.push({ accountId, active, conversations, requests })
  }
  return views
}

import type { ControlAnswer } from '@sendbox/mock-server/control'
import { call } from './mock.ts'

/** A request of a journal with its answer. */
export type CallEntry = ControlAnswer<'listRequests'>['requests'][number]

/** The id of an entry in the page: those of the account and of the mock as a whole are counted apart. */
export const toEntryId = (accountId: string | null, requestId: number): string =>
  accountId === null ? `miss-${requestId}` : String(requestId)

/** Reads an entry by its {@link toEntryId}; `undefined` where the journal has evicted it. */
export async function readEntry(accountId: string, id: string): Promise<CallEntry | undefined> {
  const isMiss = id.startsWith('miss-')
  const number = Number(isMiss ? id.slice('miss-'.length) : id)
  if (!Number.isInteger(number) || number < 1) return undefined
  const query = { after: number - 1, limit: 1 }
  const { requests } = isMiss
    ? await call('listMisses', { query })
    : await call('listRequests', { accountId, query })
  return requests.find(entry => entry.id === number)
}

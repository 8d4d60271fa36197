import { effect, signal } from '@preact/signals'
import type { StreamedEvent } from '@sendbox/mock-server/control'
import { type CallEntry, toEntryId } from '../live/journal.ts'
import { call, epoch, onEvent } from '../live/mock.ts'
import { account } from '../live/route.ts'

/** A row of the list: what the stream of events says of a call. `accountId` is `null` where the mock could read none. */
export type CallRow = Extract<StreamedEvent, { event: 'call' }>['data']

export const idOf = ({ accountId, requestId }: CallRow): string => toEntryId(accountId, requestId)

/** Rows that the page holds at most; older ones stay in the journal. */
const maxRows = 10_000

/** Entries that the page reads of the journal when it opens. */
const firstRows = 1000

/** The newest first. */
const all = signal<readonly CallRow[]>([])

/** The rows as they were when the reader paused the list; `undefined` while it is live. */
export const paused = signal<readonly CallRow[] | undefined>(undefined)

/** Whether the rows were read for the first time. */
export const isRead = signal(false)

/** The rows that are shown, the newest first. */
export const shownRows = (): readonly CallRow[] => paused.value ?? all.value

/** How many calls came since the list was paused. */
export const missedRows = (): number =>
  paused.value === undefined ? 0 : Math.max(all.value.length - paused.value.length, 0)

const toRow = (entry: CallEntry, accountId: string | null): CallRow => {
  const { id, time, operation, method, path, status, conversationId, durationMs, evidence } = entry
  const consumer = entry.extConsumerId ?? entry.consumerId
  const problem = entry.answer?.headers['x-sendbox-hint']
  const rule = entry.problems[0]?.rule ?? entry.diagnostics[0]?.rule
  return {
    accountId,
    at: time,
    requestId: id,
    operation,
    method,
    path,
    ...(status !== undefined && { status }),
    ...(consumer !== undefined && { consumer }),
    ...(conversationId !== undefined && { conversationId }),
    ...(problem !== undefined && { problem }),
    ...(rule !== undefined && { rule }),
    ...(evidence !== undefined && { evidence }),
    ...(entry.fault && { faultId: entry.fault.faultId }),
    ...(durationMs !== undefined && { durationMs }),
  }
}

/** Rows of two sources, each once, the newest first. */
function merge(one: readonly CallRow[], other: readonly CallRow[]): readonly CallRow[] {
  const byId = new Map([...one, ...other].map(row => [idOf(row), row]))
  return [...byId.values()]
    .toSorted((a, b) => b.at - a.at || b.requestId - a.requestId)
    .slice(0, maxRows)
}

async function readRows(accountId: string): Promise<readonly CallRow[]> {
  const query = { limit: firstRows }
  const [own, misses] = await Promise.all([
    call('listRequests', { accountId, query }),
    call('listMisses', { query }),
  ])
  return [
    ...own.requests.map(entry => toRow(entry, accountId)),
    ...misses.requests.map(entry => toRow(entry, null)),
  ]
}

/** Rows that came since the last frame: the list changes once a frame, however many come. */
let arrived: CallRow[] = []
let frame: ReturnType<typeof requestAnimationFrame> | undefined

const addArrived = (): void => {
  frame = undefined
  const rows = arrived.toReversed()
  arrived = []
  all.value = [...rows, ...all.peek()].slice(0, maxRows)
}

/** Reads the journal again. */
async function reread(): Promise<void> {
  const accountId = account.peek()
  all.value = []
  try {
    const rows = await readRows(accountId)
    if (accountId === account.peek()) all.value = merge(all.peek(), rows)
    isRead.value = true
  } catch {
    // The connection says why; the next stream reads again.
  }
}

onEvent(({ event, data }) => {
  if (event === 'reset' && (data.accountId === account.peek() || data.accountId === null)) {
    paused.value = undefined
    void reread()
  }
  if (event !== 'call') return
  if (data.accountId !== null && data.accountId !== account.peek()) return
  arrived.push(data)
  if (frame === undefined) frame = requestAnimationFrame(addArrived)
})

effect(() => {
  void account.value
  if (epoch.value > 0) void reread()
})

/** Empties the journal of the account, and that of misses. */
export async function clearCalls(): Promise<void> {
  await Promise.all([call('clearRequests', { accountId: account.peek() }), call('clearMisses')])
  paused.value = undefined
  await reread()
}

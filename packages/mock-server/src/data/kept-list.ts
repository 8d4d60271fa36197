import type { DataChange, DataKey } from './database.ts'

/** Which numbers the entries of a list on disk have. */
export interface KeptList {
  first: number
  next: number
}

export const createKeptList = (): KeptList => ({ first: 0, next: 0 })

export const countEntries = ({ first, next }: KeptList): number => next - first

/** Appends an entry below a key. */
export function appendEntry(list: KeptList, below: DataKey, value: unknown): DataChange {
  const change = { key: [...below, list.next] as unknown as DataKey, value }
  list.next += 1
  return change
}

/** Removes the oldest entry below a key. */
export function dropEntry(list: KeptList, below: DataKey): DataChange {
  const change = { key: [...below, list.first] as unknown as DataKey, value: undefined }
  list.first += 1
  return change
}

/** Removes all entries below a key. */
export function* dropEntries(list: KeptList, below: DataKey): Iterable<DataChange> {
  while (countEntries(list) > 0) yield dropEntry(list, below)
}

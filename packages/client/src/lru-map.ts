/** A map that evicts its least recently used values. */
export interface LruMap<Value> {
  /** Returns a value and marks it as the most recently used. */
  get(key: string): Value | undefined
  set(key: string, value: Value): void
  /** Deletes `key` only if it still maps to `value`. */
  delete(key: string, value: Value): void
  /** All values, least recently used first. */
  values(): Iterable<Value>
}

/** Creates a map that holds `capacity` values, plus those that `isEvictable` protects. */
export function createLruMap<Value>(
  capacity: number,
  isEvictable: (value: Value) => boolean = () => true,
): LruMap<Value> {
  // A Map iterates in insertion order, so a value that is used is inserted again.
  const entries = new Map<string, Value>()

  const put = (key: string, value: Value): void => {
    entries.delete(key)
    entries.set(key, value)
  }

  return {
    get(key) {
      const value = entries.get(key)
      if (value !== undefined) put(key, value)
      return value
    },
    set(key, value) {
      put(key, value)
      for (const [oldKey, oldValue] of entries) {
        if (entries.size <= capacity) return
        if (oldKey !== key && isEvictable(oldValue)) entries.delete(oldKey)
      }
    },
    delete(key, value) {
      if (entries.get(key) === value) entries.delete(key)
    },
    values: () => entries.values(),
  }
}

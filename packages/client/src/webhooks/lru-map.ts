/** A map of bounded size. */
export interface LruMap<Value> {
  /** Gives a value and makes it the most recent. */
  get(key: string): Value | undefined
  set(key: string, value: Value): void
  /** Drops `value` where it is the one under `key`, so that a newer one survives. */
  forget(key: string, value: Value): void
  /** All values, the least recent first. */
  values(): Iterable<Value>
}

/** Keeps `capacity` values; the least recent that may leave make room. */
export function createLruMap<Value>(
  capacity: number,
  mayLeave: (value: Value) => boolean = () => true,
): LruMap<Value> {
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
        if (oldKey !== key && mayLeave(oldValue)) entries.delete(oldKey)
      }
    },
    forget(key, value) {
      if (entries.get(key) === value) entries.delete(key)
    },
    values: () => entries.values(),
  }
}

/** A cached value; concurrent callers share one fetch. */
export interface SingleFlight<Value> {
  /** The cached value, if it is fresh. */
  peek(): Value | undefined
  /** The cached value, or that of the fetch in flight, or that of a new fetch. */
  get(): Promise<Value>
  /** Drops `value` from the cache, unless a newer one has replaced it. */
  invalidate(value: Value): void
}

/** Creates a single-flight cache; a failed fetch rejects for every waiting caller and is not cached. */
export function singleFlight<Value>(
  fetchValue: () => Promise<Value>,
  isFresh: (value: Value) => boolean = () => true,
): SingleFlight<Value> {
  let cached: { readonly value: Value } | undefined
  let inFlight: Promise<Value> | undefined

  const peek = (): Value | undefined =>
    cached !== undefined && isFresh(cached.value) ? cached.value : undefined

  const refresh = async (): Promise<Value> => {
    const value = await fetchValue()
    cached = { value }
    return value
  }

  return {
    peek,
    async get() {
      const value = peek()
      if (value !== undefined) return value
      inFlight ??= refresh().finally(() => {
        inFlight = undefined
      })
      return inFlight
    },
    invalidate(value) {
      if (cached?.value === value) cached = undefined
    },
  }
}

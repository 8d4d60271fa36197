/** A value that is fetched when it is first asked for, and kept. */
export interface KeptValue<Value> {
  /** The kept value, as long as it is fresh. */
  peek(): Value | undefined
  /** The kept value, else that of the fetch in flight, else that of a new one. */
  get(): Promise<Value>
  /** Drops `value` where it is the one that is kept, so that a newer one survives. */
  forget(value: Value): void
}

/** Fetches one at a time, however many callers wait; a failed fetch reaches them all and is not kept. */
export function keepValue<Value>(
  fetchValue: () => Promise<Value>,
  isFresh: (value: Value) => boolean = () => true,
): KeptValue<Value> {
  let kept: { readonly value: Value } | undefined
  let inFlight: Promise<Value> | undefined

  const peek = (): Value | undefined =>
    kept !== undefined && isFresh(kept.value) ? kept.value : undefined

  const refresh = async (): Promise<Value> => {
    const value = await fetchValue()
    kept = { value }
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
    forget(value) {
      if (kept?.value === value) kept = undefined
    },
  }
}

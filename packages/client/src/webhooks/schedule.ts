/** Runs `run` after `delayMs`; returns a function that cancels it. */
export type Schedule = (run: () => void, delayMs: number) => () => void

export const scheduleByTimeout: Schedule = (run, delayMs) => {
  const timer = setTimeout(run, delayMs)
  return () => clearTimeout(timer)
}

/** Settles as `promise` does, or resolves with `undefined` after `delayMs`. */
export const withTimeout = <Value>(
  promise: Promise<Value>,
  delayMs: number,
  schedule: Schedule,
): Promise<Value | undefined> => {
  let cancel = (): void => {}
  const timeout = new Promise<undefined>(resolve => {
    cancel = schedule(() => resolve(undefined), delayMs)
  })
  return Promise.race([promise, timeout]).finally(() => cancel())
}

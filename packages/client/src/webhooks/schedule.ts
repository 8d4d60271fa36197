/** Runs `run` after `delayMs` and gives back what cancels that. */
export type Schedule = (run: () => void, delayMs: number) => () => void

export const scheduleByTimeout: Schedule = (run, delayMs) => {
  const timer = setTimeout(run, delayMs)
  return () => clearTimeout(timer)
}

/** What `promise` gives, or `undefined` once `delayMs` are over. */
export const withinTime = <Value>(
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

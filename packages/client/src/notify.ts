/**
 * Calls a listener of the caller's; what it throws is an uncaught exception of its own, as with
 * `node:diagnostics_channel`, and never fails the call that it was told of.
 */
export function notify<Value>(listener: (value: Value) => void, value: Value): void {
  try {
    listener(value)
  } catch (error) {
    process.nextTick(() => {
      throw error
    })
  }
}

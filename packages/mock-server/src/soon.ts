/** What is there at once where it is remembered: a call then waits for nothing. */
export type Soon<Value> = Value | Promise<Value>

/** Uses a value when it is there. */
export const whenThere = <Value, Result>(
  value: Soon<Value>,
  use: (value: Value) => Soon<Result>,
): Soon<Result> => (value instanceof Promise ? value.then(use) : use(value))

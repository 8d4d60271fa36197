import { effect, type Signal, signal } from '@preact/signals'
import type { StreamedEvent } from '@sendbox/mock-server/control'
import { epoch, onEvent } from './mock.ts'
import { account } from './route.ts'

/** Events are gathered for this time, in ms, before what they changed is read: one read for all of them. */
const gatherMs = 60

/** Of the time, a read that repeats takes a fifth at most. */
const restPerRead = 4

/** A value of the account that is read again whenever events may have changed it. */
export interface LiveValue<Value> {
  /** `undefined` until it was read for the first time. */
  readonly value: Signal<Value | undefined>
  /** Why the last read failed, if it did. */
  readonly problem: Signal<string | undefined>
  /** Reads it now. */
  readonly refresh: () => void
}

interface LiveOptions<Value> {
  /** Reads the value of an account; `before` is what it was, and `events` what has happened since, if nothing else has. */
  readonly read: (
    accountId: string,
    known?: { readonly before: Value; readonly events: readonly StreamedEvent[] },
  ) => Promise<Value>
  /** Whether an event of the account may have changed it. */
  readonly changesWith: (event: StreamedEvent) => boolean
}

const accountOf = (event: StreamedEvent): string | null | undefined =>
  'accountId' in event.data ? event.data.accountId : undefined

/**
 * Reads a value of the account now and after each event that may have changed it, after each loss of the stream, and for another account; two
 * reads never run beside each other. Ends with the page.
 */
export function createLive<Value>({ read, changesWith }: LiveOptions<Value>): LiveValue<Value> {
  const value = signal<Value | undefined>(undefined)
  const problem = signal<string | undefined>(undefined)
  let events: StreamedEvent[] = []
  let isReading = false
  let isWhole = true
  let restMs = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const schedule = (): void => {
    if (isReading) return
    if (timer !== undefined) return
    timer = setTimeout(
      () => {
        timer = undefined
        void refresh()
      },
      Math.max(gatherMs, restMs),
    )
  }
  const refresh = async (): Promise<void> => {
    if (isReading) return
    isReading = true
    const accountId = account.peek()
    const before = value.peek()
    const known = isWhole || before === undefined ? undefined : { before, events }
    isWhole = false
    events = []
    const startedAt = performance.now()
    try {
      const found = await read(accountId, known)
      if (accountId === account.peek()) value.value = found
      else isWhole = true
      problem.value = undefined
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error)
    }
    restMs = restPerRead * (performance.now() - startedAt)
    isReading = false
    if (isWhole || events.length > 0) schedule()
  }
  const refreshWhole = (): void => {
    isWhole = true
    void refresh()
  }
  onEvent(event => {
    const of = accountOf(event)
    if (of !== account.peek() && of !== null) return
    const isReset = event.event === 'reset'
    if (!isReset && !changesWith(event)) return
    isWhole ||= isReset
    events.push(event)
    schedule()
  })
  let shown = account.peek()
  effect(() => {
    if (account.value !== shown) value.value = undefined
    shown = account.value
    if (epoch.value > 0) refreshWhole()
  })
  return { value, problem, refresh: refreshWhole }
}

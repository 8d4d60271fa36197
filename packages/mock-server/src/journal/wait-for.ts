import type { JournalEntry } from './entry.ts'
import type { RequestsMissed, WaitLimits } from './expectation.ts'
import type { Journal } from './journal.ts'
import type { JournalRecord } from './record.ts'
import type { RequestMatch } from './request-match.ts'
import { selectWindow, toTimeout } from './verify.ts'

/** The requests that were waited for, oldest first, or why they were not there in time. */
export type Waited =
  | { readonly ok: true; readonly requests: readonly JournalEntry[] }
  | RequestsMissed

/** Waits until so many requests are meant, those that came before included; the journal tells of each as it comes. */
export function waitFor(
  journal: Journal,
  match: RequestMatch,
  { count, timeoutMs }: WaitLimits,
): Promise<Waited> {
  const found: JournalRecord[] = journal.select(match)
  const toFound = (): Waited => ({ ok: true, requests: found.map(record => journal.show(record)) })
  if (found.length >= count) return Promise.resolve(toFound())
  return new Promise(resolve => {
    const end = (waited: () => Waited): void => {
      stopListening()
      stopEnding()
      clearTimeout(timer)
      resolve(waited())
    }
    const giveUp = (waited: string): void =>
      end(() => toTimeout(selectWindow(journal, match), count, waited))
    const stopListening = journal.listen(match, record => {
      found.push(record)
      if (found.length >= count) end(toFound)
    })
    const stopEnding = journal.onClose(() => giveUp('until the mock closed'))
    const timer = setTimeout(() => giveUp(`${timeoutMs} ms`), timeoutMs)
  })
}

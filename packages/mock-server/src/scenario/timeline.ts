import type { ScenarioPath, ScenarioProblem } from './problem.ts'
import { createScenarioProblem } from './problem.ts'
import { type ScenarioConversation, toMs } from './scenario-schema.ts'

/** When a conversation opens, and when each of its events happens, in ms since the epoch. */
interface Timeline {
  readonly openedAt: number
  readonly times: readonly number[]
  readonly problems: readonly ScenarioProblem[]
}

/** The times of a conversation; without one of its own, it opens so that the rest fits before the clock's time `now`. */
export function toTimeline(
  { at, events }: ScenarioConversation,
  path: ScenarioPath,
  now: number,
): Timeline {
  const problems: ScenarioProblem[] = []
  const firstTimed = events.findIndex(event => event.at !== undefined)
  const upTo = firstTimed === -1 ? events.length : firstTimed
  const sumBefore = events.slice(0, upTo).reduce((sum, { afterMs = 0 }) => sum + afterMs, 0)
  const anchor = events[firstTimed]?.at
  const openedAt =
    at === undefined ? (anchor === undefined ? now : toMs(anchor)) - sumBefore : toMs(at)
  const checkNow = (time: number, place: ScenarioPath, received: unknown): void => {
    if (time <= now) return
    problems.push(createScenarioProblem(place, `no time after the clock's, ${now}`, received))
  }
  if (openedAt < 0) problems.push(createScenarioProblem(path, 'events after the epoch', openedAt))
  if (at !== undefined) checkNow(openedAt, [...path, 'at'], at)
  let last = openedAt
  const times = events.map((event, index) => {
    const place = [...path, 'events', index]
    const time = event.at === undefined ? last + (event.afterMs ?? 0) : toMs(event.at)
    if (event.at !== undefined && event.afterMs !== undefined)
      problems.push(
        createScenarioProblem([...place, 'afterMs'], 'nothing beside "at"', event.afterMs),
      )
    const named = event.at === undefined ? 'afterMs' : 'at'
    if (time < last)
      problems.push(
        createScenarioProblem(
          [...place, 'at'],
          `no time before that of the event before, ${last}`,
          event.at,
        ),
      )
    else if (time > last) checkNow(time, [...place, named], event[named])
    last = Math.max(last, time)
    return time
  })
  return { openedAt, times, problems }
}

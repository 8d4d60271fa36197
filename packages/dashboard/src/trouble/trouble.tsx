import type { ControlInput } from '@sendbox/mock-server/control'
import type { JSX } from 'preact'
import { clock, now } from '../live/clock.ts'
import { attempt, call } from '../live/mock.ts'
import { account } from '../live/route.ts'
import { toDateTime, toDuration } from '../parts/time.tsx'
import { FaultsPart } from './fault-cards.tsx'
import { SettingsPart } from './settings-part.tsx'

const steps = [
  ['+1 min', 60_000],
  ['+1 h', 3_600_000],
  ['+1 day', 86_400_000],
] as const

const put = async (body: ControlInput<'putClock'>['body']): Promise<void> => {
  await attempt(() => call('putClock', { accountId: account.peek(), body }))
  clock.refresh()
}

/** The account's clock: it is frozen, moved and resumed here. */
function ClockPart(): JSX.Element | null {
  const view = clock.value.value
  if (view === undefined) return null
  const { frozen, offsetMs, next } = view
  const untilNextMs = next ? Math.max(next.at - now.value, 0) : 0
  return (
    <section class="part" aria-labelledby="clock-title">
      <h2 id="clock-title">Clock</h2>
      <p class="big-clock">
        {toDateTime(now.value)}
        {frozen && <span class="badge">frozen</span>}
        {Math.abs(offsetMs) >= 1000 && (
          <span class="muted">
            {toDuration(offsetMs)} {offsetMs > 0 ? 'ahead of' : 'behind'} this machine
          </span>
        )}
      </p>
      <div class="actions">
        {frozen ? (
          <button type="button" onClick={() => void put({ resume: true })}>
            Resume
          </button>
        ) : (
          <button type="button" onClick={() => void put({ freeze: true })}>
            Freeze
          </button>
        )}
        {steps.map(([text, advanceMs]) => (
          <button key={text} type="button" onClick={() => void put({ advanceMs })}>
            {text}
          </button>
        ))}
        {next && (
          <button type="button" onClick={() => void put({ advanceMs: Math.ceil(untilNextMs) })}>
            To what falls due next
          </button>
        )}
      </div>
      <p class="muted">
        {next
          ? `Next, in ${toDuration(untilNextMs)}: ${next.what}.`
          : 'Nothing waits for the time: no bot’s answer, no repeat of a webhook.'}
      </p>
    </section>
  )
}

/** Whatever makes life hard for a connector: faults, the time, other settings. */
export const Trouble = (): JSX.Element => (
  <div class="room page">
    <ClockPart />
    <FaultsPart />
    <SettingsPart />
  </div>
)

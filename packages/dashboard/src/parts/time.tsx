import type { JSX } from 'preact'
import { now } from '../live/clock.ts'

const clockTime = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })
const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

const isDate = (at: number): boolean => Number.isFinite(at) && Math.abs(at) <= 8.64e15

/** A time in ms since the epoch as the hours of the day, with the date as its title. */
export const Time = ({ at }: { readonly at: number }): JSX.Element =>
  isDate(at) ? (
    <time dateTime={new Date(at).toISOString()} title={dateTime.format(at)}>
      {clockTime.format(at)}
    </time>
  ) : (
    <span>{at}</span>
  )

/** A time with its date, for where a day may lie between. */
export const toDateTime = (at: number): string => (isDate(at) ? dateTime.format(at) : String(at))

const units = [
  { unit: 'd', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'min', ms: 60_000 },
  { unit: 's', ms: 1000 },
] as const

/** A duration in ms in its largest unit: `5 min`. */
export function toDuration(ms: number): string {
  const found = units.find(unit => Math.abs(ms) >= unit.ms)
  return found ? `${Math.floor(Math.abs(ms) / found.ms)} ${found.unit}` : '0 s'
}

/** How long ago a time of the account's clock is. */
export const Age = ({ at }: { readonly at: number }): JSX.Element => {
  const ms = now.value - at
  return (
    <time dateTime={isDate(at) ? new Date(at).toISOString() : ''} title={toDateTime(at)}>
      {ms < 1000 ? 'now' : toDuration(ms)}
    </time>
  )
}

import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** A field of one line that is read when it is left, or at Enter; it follows its value, and keeps the focus then. */
export function CommittedInput({
  value,
  label,
  commit,
  ...others
}: {
  readonly value: string
  readonly label: string
  readonly commit: (text: string) => void
  readonly list?: string
  readonly onFocus?: () => void
}): JSX.Element {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (input.current) input.current.value = value
  }, [value])
  return (
    <input
      {...others}
      ref={input}
      type="text"
      aria-label={label}
      defaultValue={value}
      spellcheck={false}
      autocomplete="off"
      onChange={({ currentTarget }) => commit(currentTarget.value)}
    />
  )
}

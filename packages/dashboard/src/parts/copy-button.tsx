import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { attempt } from '../live/mock.ts'
import { Icon } from './icon.tsx'

/** How long a button says that it copied, in ms. */
const shownMs = 1500

/** Copies a text, and says so. */
export function CopyButton({
  text,
  label,
}: {
  readonly text: string | (() => string)
  readonly label: string
}): JSX.Element {
  const isCopied = useSignal(false)
  const copy = async (): Promise<void> => {
    const copied = await attempt(() =>
      navigator.clipboard.writeText(typeof text === 'string' ? text : text()),
    )
    isCopied.value = copied
    if (copied) setTimeout(() => (isCopied.value = false), shownMs)
  }
  return (
    <button type="button" class="quiet" onClick={() => void copy()}>
      <Icon name={isCopied.value ? 'verify' : 'copy'} />
      <span aria-live="polite">{isCopied.value ? 'Copied' : label}</span>
    </button>
  )
}

/** An id with a button that copies it. */
export const CopiedId = ({
  id,
  label,
}: {
  readonly id: string
  readonly label: string
}): JSX.Element => (
  <span class="copied-id">
    <code>{id}</code>
    <CopyButton text={id} label={label} />
  </span>
)

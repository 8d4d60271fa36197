import type { JSX } from 'preact'

/** A sentence in which backticks mark code. */
export const Prose = ({ text }: { readonly text: string }): JSX.Element => (
  <>
    {text
      .split('`')
      .map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}
  </>
)

import type { ComponentChildren, JSX } from 'preact'
import { baseUrl } from '../live/mock.ts'
import { CopyButton } from './copy-button.tsx'

/** The line of a shell with a button that copies it. */
const ShellLine = ({ line }: { readonly line: string }): JSX.Element => (
  <div class="shell-line">
    <code>{line}</code>
    <CopyButton text={line} label="Copy" />
  </div>
)

/** A place where nothing is yet, and the lines that bring something. */
export const Empty = ({
  title,
  lines = [],
  children,
}: {
  readonly title: string
  readonly lines?: readonly string[]
  readonly children?: ComponentChildren
}): JSX.Element => (
  <div class="empty">
    <h2>{title}</h2>
    {children}
    {lines.map(line => (
      <ShellLine key={line} line={line} />
    ))}
  </div>
)

/** The line that sends a text to this mock as a connector does. */
export const toSendLine = (accountId: string): string => {
  const url = baseUrl === 'http://127.0.0.1:4020' ? '' : ` --url ${baseUrl}`
  const account =
    accountId === '12345678' ? '' : ` --account-id '${accountId.replaceAll("'", "'\\''")}'`
  return `npx sendbox send${url}${account} --consumer zoe "Hello"`
}

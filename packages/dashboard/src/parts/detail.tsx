import type { ComponentChildren, JSX } from 'preact'
import { navigate } from '../live/route.ts'
import { BackButton } from './back-button.tsx'
import { Icon } from './icon.tsx'

/** The head of a pane beside a list: its title, and the ways out of it. */
export const DetailHead = ({ children }: { readonly children: ComponentChildren }): JSX.Element => (
  <header class="pane-head">
    <BackButton />
    <h2>{children}</h2>
    <button type="button" class="quiet end" aria-label="Close" onClick={() => navigate({ id: '' })}>
      <Icon name="close" />
    </button>
  </header>
)

/** A part of a pane, with its heading. */
export const Part = ({
  title,
  children,
}: {
  readonly title: string
  readonly children: ComponentChildren
}): JSX.Element => (
  <section class="part">
    <h3>{title}</h3>
    {children}
  </section>
)

/** The headers of a message, which open on demand; `what` follows their number. */
export const HeaderList = ({
  headers,
  what = 'headers',
}: {
  readonly headers: Readonly<Record<string, string>>
  readonly what?: string
}): JSX.Element => (
  <details>
    <summary>
      {Object.keys(headers).length} {what}
    </summary>
    <dl class="headers">
      {Object.entries(headers).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  </details>
)

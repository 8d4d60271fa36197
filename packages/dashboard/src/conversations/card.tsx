import type { Metadata } from '@sendbox/schema'
import type { JSX } from 'preact'
import { isRecord } from '../parts/is-record.ts'

/** A button of a card that a consumer presses. */
export interface PressedButton {
  readonly text: string
  readonly metadata?: readonly Metadata[]
}

type Press = (button: PressedButton) => void

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** Elements below this depth are not drawn: a card is written by hand, and may be anything. */
const maxDepth = 12

/** The text that a button publishes: that of its first action that has one, else its title. */
function toPressed({ title, click }: Readonly<Record<string, unknown>>): PressedButton {
  const { actions, metadata } = isRecord(click) ? click : {}
  const [text] = listOf(actions).flatMap(action =>
    isRecord(action) && textOf(action['text']) !== '' ? [textOf(action['text'])] : [],
  )
  return {
    text: text ?? textOf(title),
    ...(Array.isArray(metadata) && { metadata: metadata as readonly Metadata[] }),
  }
}

/** The address that a link of an action leads to, which the page shows and does not open. */
const linksOf = ({ click }: Readonly<Record<string, unknown>>): readonly string[] =>
  listOf(isRecord(click) ? click['actions'] : []).flatMap(action =>
    isRecord(action) && action['type'] === 'link' ? [textOf(action['uri'])] : [],
  )

const Button = ({
  element,
  press,
}: {
  readonly element: Readonly<Record<string, unknown>>
  readonly press: Press | undefined
}): JSX.Element => (
  <div>
    <button
      type="button"
      disabled={press === undefined}
      title="Press as the consumer"
      onClick={() => press?.(toPressed(element))}
    >
      {textOf(element['title'])}
    </button>
    {linksOf(element).map(link => (
      <span key={link} class="muted">
        {link}
      </span>
    ))}
  </div>
)

/** An element of structured content; what is unknown is shown by its type. Rule: PUB-9. */
export function Card({
  element,
  press,
  depth = 0,
}: {
  readonly element: unknown
  /** Absent where nobody may press a button. */
  readonly press?: Press | undefined
  readonly depth?: number
}): JSX.Element | null {
  if (!isRecord(element) || depth > maxDepth) return null
  const type = textOf(element['type'])
  const elements = listOf(element['elements'])
  if (elements.length > 0)
    return (
      <div class={type === 'horizontal' || type === 'carousel' ? 'card row' : 'card'}>
        {elements.map((inner, index) => (
          <Card key={index} element={inner} press={press} depth={depth + 1} />
        ))}
      </div>
    )
  if (type === 'text') return <p>{textOf(element['text'])}</p>
  if (type === 'button') return <Button element={element} press={press} />
  return (
    <p class="muted">
      {type} {textOf(element['title'])} {textOf(element['caption'])} {textOf(element['url'])}
    </p>
  )
}

/** Quick replies below a message. Rule: WH-4. */
export const QuickReplies = ({
  value,
  press,
}: {
  readonly value: unknown
  readonly press: Press | undefined
}): JSX.Element | null =>
  isRecord(value) ? (
    <div class="card row">
      {listOf(value['replies']).flatMap(reply =>
        isRecord(reply)
          ? [<Button key={textOf(reply['title'])} element={reply} press={press} />]
          : [],
      )}
    </div>
  ) : null

import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'

/** What is said of a part of a JSON value. */
export interface Mark {
  /** JSON Pointer (RFC 6901). */
  readonly pointer: string
  readonly message: string
  readonly level: 'problem' | 'diagnostic'
}

interface Line {
  readonly pointer: string
  readonly depth: number
  readonly name?: string
  readonly text: string
  readonly kind: 'string' | 'number' | 'word' | 'bracket'
  readonly end: string
}

const escapeSegment = (segment: string): string =>
  segment.replaceAll('~', '~0').replaceAll('/', '~1')

const kindOf = (value: unknown): Line['kind'] =>
  typeof value === 'string' ? 'string' : typeof value === 'number' ? 'number' : 'word'

/** The lines of a value, as `JSON.stringify` with an indent would break it. */
function* toLines(
  value: unknown,
  at: Pick<Line, 'pointer' | 'depth' | 'end'> & { readonly name?: string },
): Generator<Line> {
  if (typeof value !== 'object' || value === null) {
    yield { ...at, text: JSON.stringify(value) ?? 'undefined', kind: kindOf(value) }
    return
  }
  const isArray = Array.isArray(value)
  const [open, close] = isArray ? ['[', ']'] : ['{', '}']
  const entries = Object.entries(value)
  if (entries.length === 0) {
    yield { ...at, text: `${open}${close}`, kind: 'bracket' }
    return
  }
  yield { ...at, text: open, kind: 'bracket', end: '' }
  for (const [index, [name, inner]] of entries.entries())
    yield* toLines(inner, {
      pointer: `${at.pointer}/${escapeSegment(name)}`,
      depth: at.depth + 1,
      end: index < entries.length - 1 ? ',' : '',
      ...(!isArray && { name }),
    })
  yield { pointer: `${at.pointer}#end`, depth: at.depth, text: close, kind: 'bracket', end: at.end }
}

/** Lines that are shown before one asks for all. */
const firstLines = 400

/** The pointer of the part that is there: that of a mark, or of the nearest part around it. */
function nearestPointer(pointer: string, known: ReadonlySet<string>): string {
  let found = pointer
  while (found !== '' && !known.has(found)) found = found.slice(0, found.lastIndexOf('/'))
  return found
}

/** The marks by the pointer of the line that they are shown at. */
function placeMarks(lines: readonly Line[], marks: readonly Mark[]): Map<string, Mark[]> {
  const known = new Set(lines.map(({ pointer }) => pointer))
  const placed = new Map<string, Mark[]>()
  for (const mark of marks) {
    const at = nearestPointer(mark.pointer, known)
    placed.set(at, [...(placed.get(at) ?? []), mark])
  }
  return placed
}

const LineView = ({ line, marks }: { readonly line: Line; readonly marks: readonly Mark[] }) => (
  <>
    <div class={`json-line depth-${Math.min(line.depth, 12)} ${marks[0]?.level ?? ''}`}>
      {line.name !== undefined && <span class="json-name">{JSON.stringify(line.name)}: </span>}
      <span class={`json-${line.kind}`}>{line.text}</span>
      {line.end}
    </div>
    {marks.map(({ pointer, message, level }) => (
      <div
        key={message}
        class={`json-mark depth-${Math.min(line.depth, 12)} ${level}`}
        data-pointer={pointer}
      >
        {message}
      </div>
    ))}
  </>
)

/** A JSON value, with marks at the parts that something is said of. */
export function JsonView({
  value,
  marks = [],
  label,
}: {
  readonly value: unknown
  readonly marks?: readonly Mark[]
  readonly label: string
}): JSX.Element {
  const isWhole = useSignal(false)
  const lines = [...toLines(value, { pointer: '', depth: 0, end: '' })]
  const placed = placeMarks(lines, marks)
  const shown = isWhole.value ? lines : lines.slice(0, firstLines)
  return (
    // A scrolling region has to be reached by the keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section class="json" aria-label={label} tabIndex={0}>
      {shown.map(line => (
        <LineView key={line.pointer} line={line} marks={placed.get(line.pointer) ?? []} />
      ))}
      {shown.length < lines.length && (
        <button type="button" onClick={() => (isWhole.value = true)}>
          Show all {lines.length} lines
        </button>
      )}
    </section>
  )
}

/** How much of a value is shown. */
interface Cut {
  readonly items: number
  readonly depth: number
  readonly fields: number
}

/** From all of a value to its outline: the first that is short enough is shown. */
const cuts: readonly Cut[] = [
  { items: 2, depth: 20, fields: 100 },
  { items: 1, depth: 20, fields: 100 },
  { items: 1, depth: 6, fields: 100 },
  { items: 1, depth: 5, fields: 100 },
  { items: 1, depth: 4, fields: 100 },
  { items: 1, depth: 3, fields: 100 },
  { items: 1, depth: 3, fields: 12 },
  { items: 1, depth: 2, fields: 100 },
  { items: 1, depth: 2, fields: 16 },
  { items: 1, depth: 3, fields: 6 },
  { items: 1, depth: 2, fields: 6 },
]

const maxTextLength = 90
const maxLineLength = 100

const cutText = (text: string): string =>
  text.length > maxTextLength ? `${text.slice(0, maxTextLength - 1)}…` : text

function cutValue(value: unknown, cut: Cut): unknown {
  if (typeof value === 'string') return cutText(value)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value)
  if (fields.length === 0) return value
  if (cut.depth === 0) return '…'
  const inner = { ...cut, depth: cut.depth - 1 }
  if (Array.isArray(value)) {
    const items = value.slice(0, cut.items).map(item => cutValue(item, inner))
    return value.length > cut.items ? [...items, '…'] : items
  }
  const shown = fields.slice(0, cut.fields).map(([name, field]) => [name, cutValue(field, inner)])
  return Object.fromEntries(fields.length > cut.fields ? [...shown, ['…', '…']] : shown)
}

/** The parts of an object or array, each behind its name and laid out by `lay`. */
const partsOf = (value: object, lay: (part: unknown, label: string) => string): string[] =>
  Object.entries(value).map(([name, part]) => {
    const label = Array.isArray(value) ? '' : `${JSON.stringify(name)}: `
    return label + lay(part, label)
  })

function toLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const parts = partsOf(value, toLine).join(', ')
  if (Array.isArray(value)) return `[${parts}]`
  return parts === '' ? '{}' : `{ ${parts} }`
}

/** Lays JSON out: an object or array that fits into a line has one. */
function layOut(value: unknown, indent = '', label = ''): string {
  const line = toLine(value)
  const isShort = indent.length + label.length + line.length <= maxLineLength
  if (isShort || typeof value !== 'object' || value === null) return line
  const deeper = `${indent}  `
  const parts = partsOf(value, (part, name) => layOut(part, deeper, name))
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  return `${open}\n${parts.map(part => deeper + part).join(',\n')}\n${indent}${close}`
}

/** Prints a value as JSON of at most so many lines; `…` is where items, fields or texts are left out. */
export function printJson(value: unknown, maxLines?: number): string {
  if (maxLines === undefined) return layOut(value)
  const outlines = cuts.map(cut => layOut(cutValue(value, cut)))
  const fitting = outlines.find(text => text.split('\n').length <= maxLines)
  if (fitting === undefined) throw new Error(`No outline has ${maxLines} lines: ${outlines.at(-1)}`)
  return fitting
}

/** The place where a text stops being JSON, and the part that JSON wants there. */
interface SyntaxError {
  /** Index of the character; the length of the text at its end. */
  readonly at: number
  readonly wanted: string
}

const literal = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+$-])/y

const space = /[ \t\n\r]*/y

const escapes = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y

/** Index behind a match of a sticky pattern; `undefined` where it does not match. */
function matchAt(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}

/** Index behind the string that begins at `start`, or its error. */
function readString(text: string, start: number): number | SyntaxError {
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (character === '"') return at + 1
    if (character < ' ') return { at, wanted: 'an escape in a string, such as \\n' }
    if (character !== '\\') continue
    const end = matchAt(escapes, text, at)
    if (end === undefined) return { at, wanted: 'an escape that JSON has' }
    at = end - 1
  }
  return { at: text.length, wanted: 'the end of a string' }
}

const afterValue = (open: readonly string[]): string =>
  open.length === 0 ? 'the end' : `a comma or ${open.at(-1)}`

/** Finds where a text stops being JSON; `undefined` for valid JSON. The messages of V8 differ by version, and some name no position. */
function findSyntaxError(text: string): SyntaxError | undefined {
  const open: string[] = []
  let wanted = 'a value'
  let at = 0
  for (;;) {
    at = matchAt(space, text, at) ?? at
    const character = text.charAt(at)
    const isName = wanted.startsWith('a name')
    const isValue = wanted.startsWith('a value')
    if (character === '' && wanted === 'the end') return undefined
    if (character !== '' && wanted.endsWith(` or ${character}`)) {
      open.pop()
      wanted = afterValue(open)
      at += 1
    } else if (character === ':' && wanted === 'a colon') {
      wanted = 'a value'
      at += 1
    } else if (character === ',' && wanted.startsWith('a comma')) {
      wanted = open.at(-1) === '}' ? 'a name' : 'a value'
      at += 1
    } else if (isValue && (character === '{' || character === '[')) {
      open.push(character === '{' ? '}' : ']')
      wanted = character === '{' ? 'a name or }' : 'a value or ]'
      at += 1
    } else if (character === '"' && (isName || isValue)) {
      const end = readString(text, at)
      if (typeof end !== 'number') return end
      wanted = isName ? 'a colon' : afterValue(open)
      at = end
    } else {
      const end = isValue ? matchAt(literal, text, at) : undefined
      if (end === undefined) return { at, wanted }
      wanted = afterValue(open)
      at = end
    }
  }
}

/** Words of other languages, by which they are named. */
const foreignWords: ReadonlySet<string> = new Set([
  'NaN',
  'Infinity',
  '-Infinity',
  'undefined',
  'None',
  'True',
  'False',
  'nil',
  'NULL',
  'nan',
  'inf',
])

const names: Readonly<Record<string, string>> = {
  '\n': 'a raw line feed',
  '\r': 'a raw carriage return',
  '\t': 'a raw tab',
  '\u0000': 'a NUL character',
  '\ufeff': 'a byte order mark',
  '\u00a0': 'a no-break space',
  "'": 'a single quote',
  '`': 'a backtick',
  '\u201c': 'a typographic quote',
  '\u201d': 'a typographic quote',
  '/': 'a comment or a slash',
  '\\': 'a backslash that begins no escape of JSON',
  '<': 'XML or HTML',
}

const word = /[-+]?[\w.$][\w.+$-]*/y

/** Describes the character or word at an index, with one character or a word of a list at most: a text may hold secrets. */
function describeAt(text: string, at: number): string {
  const character = text.charAt(at)
  if (character === '') return text.trim() === '' ? 'no text' : 'the end of the text'
  const found = text.slice(at, matchAt(word, text, at) ?? at)
  if (foreignWords.has(found)) return found
  if (/^(?:[-+]?\.?\d|[-+]$)/.test(found)) return 'a number in a form that JSON has not'
  if (/^[A-Za-z_$]/.test(found)) return 'a word without quotes'
  if (/[}\]]/.test(character) && /,\s*$/.test(text.slice(Math.max(0, at - 100), at)))
    return `${character} after a trailing comma`
  const code = text.codePointAt(at)?.toString(16).toUpperCase().padStart(4, '0')
  return names[character] ?? (/[!-~]/.test(character) ? character : `the character U+${code}`)
}

/** Line and column of an index, both from 1. */
const toLineAndColumn = (text: string, at: number): string => {
  const before = text.slice(0, at).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

/** Describes the place where a text stops being JSON; `undefined` for valid JSON. */
export function describeSyntaxError(text: string): string | undefined {
  const error = findSyntaxError(text)
  if (error === undefined) return undefined
  const { at, wanted } = error
  return `${describeAt(text, at)} in ${toLineAndColumn(text, at)}, where JSON wants ${wanted}`
}

import { vi } from 'vitest'

/** Matches at a position of the text, and calls `next` with the end; each call is one step. */
type Matcher = (at: number, next: (end: number) => boolean) => boolean

/** One run of a pattern. */
interface Search {
  readonly pattern: RegExp
  readonly text: string
  readonly from: number
  readonly found: RegExpExecArray | null
}

type Exec = (this: RegExp, text: string) => RegExpExecArray | null

/** Records the runs of all patterns of a function. */
function recordSearches(run: () => unknown): Search[] {
  const searches: Search[] = []
  const exec: Exec = Reflect.get(RegExp.prototype, 'exec')
  const spy = vi.spyOn(RegExp.prototype, 'exec').mockImplementation(function (this: RegExp, text) {
    const from = this.global ? this.lastIndex : 0
    const found = exec.call(this, text)
    searches.push({ pattern: this, text, from, found })
    return found
  })
  try {
    run()
  } finally {
    spy.mockRestore()
  }
  return searches
}

/** Repeats a matcher greedily. */
function repeat(body: Matcher, min: number, max: number): Matcher {
  const repeatFrom =
    (count: number): Matcher =>
    (at, next) =>
      (count < max &&
        body(at, end => (end > at || count < min) && repeatFrom(count + 1)(end, next))) ||
      (count >= min && next(at))
  return repeatFrom(0)
}

const token =
  /\(\?[:!]|\{(?<min>\d+)(?<comma>,?)(?<max>\d*)\}|(?<atom>\[(?:\\.|[^\]\\])*\]|\\.|[^()|*+?{}])|[()|*+?]/gs

/** Searches as a regular expression engine that backtracks does, and counts its steps; throws for syntax that it does not know. */
function countSearch({ pattern, text, from, found }: Search): number {
  const tokens = [...pattern.source.matchAll(token)]
  if (tokens.map(([part]) => part).join('') !== pattern.source)
    throw new Error(`cannot read ${String(pattern)}`)
  let steps = 0
  let position = 0
  const isNext = (part: string) => tokens[position]?.[0] === part

  const toAtom = (atom: string): Matcher => {
    const isOfAtom = new RegExp(atom === '\\b' ? atom : `^${atom}$`, pattern.flags.replace('g', ''))
    const isWord = (at: number) => /\w/.test(text[at] ?? '')
    return (at, next) => {
      steps += 1
      if (atom === '\\b') return isWord(at - 1) !== isWord(at) && next(at)
      return at < text.length && isOfAtom.test(text[at] ?? '') && next(at + 1)
    }
  }

  const readGroup = (): Matcher => {
    const isNegative = isNext('(?!')
    position += 1
    const inner = readAlternatives()
    position += 1
    return isNegative ? (at, next) => !inner(at, () => true) && next(at) : inner
  }

  const readTerm = (): Matcher => {
    const atom = tokens[position]?.groups?.['atom']
    const body = atom === undefined ? readGroup() : toAtom(atom)
    if (atom !== undefined) position += 1
    const [quantifier = '', ...bounds] = tokens[position] ?? []
    if (!/^[*+?{]/.test(quantifier)) return body
    position += 1
    if (quantifier === '*') return repeat(body, 0, Number.POSITIVE_INFINITY)
    if (quantifier === '+') return repeat(body, 1, Number.POSITIVE_INFINITY)
    if (quantifier === '?') return repeat(body, 0, 1)
    const [min, comma, max] = bounds
    return repeat(body, Number(min), Number(max || (comma ? Number.POSITIVE_INFINITY : min)))
  }

  const readSequence = (): Matcher => {
    const terms: Matcher[] = []
    while (position < tokens.length && !isNext('|') && !isNext(')')) terms.push(readTerm())
    return terms.reduceRight<Matcher>(
      (rest, term) => (at, next) => term(at, end => rest(end, next)),
      (at, next) => next(at),
    )
  }

  const readAlternatives = (): Matcher => {
    const alternatives = [readSequence()]
    while (isNext('|')) {
      position += 1
      alternatives.push(readSequence())
    }
    return (at, next) => alternatives.some(alternative => alternative(at, next))
  }

  const match = readAlternatives()
  for (let start = from; start <= text.length; start += 1) {
    let end = -1
    const isFound = match(start, at => {
      end = at
      return true
    })
    if (!isFound) continue
    if (found?.index === start && found[0].length === end - start) return steps
    throw new Error(`${String(pattern)} matches otherwise in ${JSON.stringify(text)}`)
  }
  if (found !== null) throw new Error(`${String(pattern)} does not match ${JSON.stringify(text)}`)
  return steps
}

/** The steps that a regular expression engine which backtracks takes for all patterns that a function runs. */
export const countSteps = (run: () => unknown): number =>
  recordSearches(run).reduce((steps, search) => steps + countSearch(search), 0)

import { styleText } from 'node:util'
import type { TerminalOutput } from '../cli/terminal.ts'
import {
  countVerdict,
  isGood,
  isInterrupted,
  type VerificationResult,
  type VerifiedItem,
} from '../verify/verify-result.ts'

const marks = {
  passed: ['green', 'passed'],
  failed: ['red', 'FAILED'],
  leftOut: ['yellow', 'left out'],
} as const

const indent = (lines: readonly string[], by: string): string[] => lines.map(line => `${by}${line}`)

/** One item in one line, with what is wrong below it. */
export function toItemLines(item: VerifiedItem, output: TerminalOutput): string {
  const { kind, name, verdict, reason, failure } = item
  const [colour, word] = marks[verdict]
  const mark = styleText(colour, word.padEnd(8), { stream: output })
  const note = reason === undefined ? '' : `: ${reason}`
  const lines = [`${mark}  ${kind} ${name}${note}`]
  if (failure !== undefined)
    lines.push(...indent([failure.title], '    '), ...indent(failure.problems, '      '))
  return `${lines.join('\n')}\n`
}

const count = (value: number, one: string): string => `${value} ${one}${value === 1 ? '' : 's'}`

function toVerdict(result: VerificationResult): readonly ['green' | 'yellow' | 'red', string] {
  const isAnything = result.items.some(({ verdict }) => verdict !== 'leftOut')
  if (isAnything && !isGood(result)) return ['red', 'The contracts do not hold.']
  if (isInterrupted(result)) return ['yellow', 'Interrupted: the rest was not verified.']
  return isAnything ? ['green', 'The contracts hold.'] : ['red', 'Nothing was verified.']
}

/** What a run came to, in a few lines. */
export function toSummary(result: VerificationResult, output: TerminalOutput): string {
  const [passed, failed, leftOut] = (['passed', 'failed', 'leftOut'] as const).map(verdict =>
    countVerdict(result, verdict),
  )
  const [colour, text] = toVerdict(result)
  const verdict = styleText(colour, text, { stream: output })
  const lines = [
    '',
    `${verdict} ${result.target}: ${passed} passed, ${failed} failed, ${leftOut} left out.`,
  ]
  if (failed) lines.push('What a rule says: npx sendbox rules <id>')
  if (result.leftOpen.length > 0)
    lines.push(
      `${count(result.leftOpen.length, 'conversation')} could not be closed, close by hand: ${result.leftOpen.join(', ')}`,
    )
  return `${lines.join('\n')}\n`
}

import { styleText } from 'node:util'
import {
  countVerdict,
  isGood,
  isInterrupted,
  isVerified,
  type VerificationResult,
  type VerifiedItem,
} from '../verify/verify-result.ts'

/** The stream that decides whether text is coloured. */
type Output = NodeJS.WritableStream

const marks = {
  passed: ['green', 'passed'],
  failed: ['red', 'FAILED'],
  leftOut: ['yellow', 'left out'],
} as const

/** One line for an item, followed by its problems. */
export function toItemLines(item: VerifiedItem, output: Output): string {
  const { kind, name, verdict, reason, failure } = item
  const [colour, word] = marks[verdict]
  const mark = styleText(colour, word.padEnd(8), { stream: output })
  const suffix = reason === undefined ? '' : `: ${reason}`
  const lines = [`${mark}  ${kind} ${name}${suffix}`]
  if (failure !== undefined)
    lines.push(`    ${failure.title}`, ...failure.problems.map(problem => `      ${problem}`))
  return `${lines.join('\n')}\n`
}

function toVerdict(result: VerificationResult): readonly ['green' | 'yellow' | 'red', string] {
  const isAnything = result.items.some(isVerified)
  if (isAnything && !isGood(result)) return ['red', 'The contracts do not hold.']
  if (isInterrupted(result)) return ['yellow', 'Interrupted: the rest was not verified.']
  return isAnything ? ['green', 'The contracts hold.'] : ['red', 'Nothing was verified.']
}

/** The verdict of a run and its numbers, in a few lines. */
export function toSummary(result: VerificationResult, output: Output): string {
  const [passed, failed, skipped] = (['passed', 'failed', 'leftOut'] as const).map(verdict =>
    countVerdict(result, verdict),
  )
  const [colour, text] = toVerdict(result)
  const verdict = styleText(colour, text, { stream: output })
  const lines = [
    '',
    `${verdict} ${result.target}: ${passed} passed, ${failed} failed, ${skipped} left out.`,
  ]
  const { leftOpen } = result
  if (failed) lines.push('What a rule says: npx --no -- sendbox rules <id>')
  if (leftOpen.length > 0)
    lines.push(
      `${leftOpen.length} conversation${leftOpen.length === 1 ? '' : 's'} could not be closed, close by hand: ${leftOpen.join(', ')}`,
    )
  return `${lines.join('\n')}\n`
}

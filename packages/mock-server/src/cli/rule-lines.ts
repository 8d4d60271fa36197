import type { Rule } from '@sendbox/schema'
import { styleFor, type TerminalOutput, widthOf } from './terminal.ts'

/** The fields of a rule that are listed. */
export type ListedRule = Pick<Rule, 'id' | 'evidence' | 'text'>

const maxWordLength = 20

/** Shortens a line to a width, between words unless one is very long. */
export function cutLine(line: string, width: number): string {
  if (line.length <= width) return line
  const end = line.lastIndexOf(' ', width - 1)
  return `${line.slice(0, end > width - maxWordLength ? end : width - 1)}…`
}

/** Formats rules for a person, one a line. */
export function toRuleLines(rules: readonly ListedRule[], output: TerminalOutput): string {
  const idWidth = Math.max(...rules.map(({ id }) => id.length))
  const textWidth = widthOf(output) - idWidth - 14
  return rules
    .map(({ id, evidence, text }) => {
      const shownId = styleFor(output, 'bold', id.padEnd(idWidth))
      return `${shownId}  ${evidence.padEnd(10)}  ${cutLine(text, textWidth)}\n`
    })
    .join('')
}

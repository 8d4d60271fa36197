import { type Rule, type RuleId, ruleById } from '@sendbox/schema'
import type { ServiceAnswer } from './send/service-caller.ts'
import { styleFor, type TerminalOutput, widthOf } from './terminal.ts'

const toRule = (id: string): Pick<Rule, 'id' | 'evidence' | 'text'> => {
  const { evidence, text } = ruleById.get(id as RuleId) ?? {
    evidence: 'assumed',
    text: 'this version of Sendbox does not know the rule',
  }
  return { id, evidence, text }
}

const maxWordLength = 20

/** Cuts a line so that it fits, between words where they are not long. */
export function cutLine(line: string, width: number): string {
  if (line.length <= width) return line
  const end = line.lastIndexOf(' ', width - 1)
  return `${line.slice(0, end > width - maxWordLength ? end : width - 1)}…`
}

/** Writes rules for a person, one a line. */
export function toRuleLines(
  rules: readonly Pick<Rule, 'id' | 'evidence' | 'text'>[],
  output: TerminalOutput,
): string {
  const idWidth = Math.max(...rules.map(({ id }) => id.length))
  const line = ({ id, evidence, text }: Pick<Rule, 'id' | 'evidence' | 'text'>): string => {
    const start = `${styleFor(output, 'bold', id.padEnd(idWidth))}  ${evidence.padEnd(10)}  `
    return `${start}${cutLine(text, widthOf(output) - idWidth - 14)}\n`
  }
  return rules.map(line).join('')
}

/** Writes an answer for a person: its status, its body, its rules. */
export function toReadableAnswer(answer: ServiceAnswer, output: TerminalOutput): string {
  const { status, body, rules, evidence } = answer
  const style = status < 300 ? 'green' : 'red'
  const shown = typeof body === 'string' ? body : JSON.stringify(body, null, 2)
  const head = `${styleFor(output, style, `HTTP ${status}`)}\n${shown}\n`
  if (rules.length === 0) return `${head}\nThe answer names no rules.\n`
  const title = `Its rules, of which the least known is ${evidence ?? 'assumed'} (sendbox rules <id> tells more):`
  return `${head}\n${title}\n${toRuleLines(rules.map(toRule), output)}`
}

/** Writes an answer as one line of JSON. */
export const toAnswerLine = (
  answer: ServiceAnswer,
  facts: { readonly consumer: string; readonly conversationId?: string | undefined },
): string => {
  const { operationId, status, body, rules, evidence } = answer
  const line = {
    operation: operationId,
    ...facts,
    status,
    body,
    rules,
    evidence,
  }
  return `${JSON.stringify(line)}\n`
}

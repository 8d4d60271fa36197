import { type RuleId, ruleById } from '@sendbox/schema'
import { pastedCommand } from '../command.ts'
import { type ListedRule, toRuleLines } from '../rule-lines.ts'
import { escapeLines, styleFor, type TerminalOutput } from '../terminal.ts'
import type { OperationResponse } from './service-caller.ts'

const failures: Partial<Record<OperationResponse['operationId'], string>> = {
  baseUris: 'The Domain API did not say where the services are',
  appToken: 'The app got no AppJWT for its client id and secret',
  consumer: 'The consumer got no ConsumerJWS',
  conversation: 'No conversation was opened; --conversation names one that is open',
}

const toListedRule = (id: string): ListedRule => {
  const { evidence, text } = ruleById.get(id as RuleId) ?? {
    evidence: 'assumed',
    text: 'this version of Sendbox does not know the rule',
  }
  return { id, evidence, text }
}

/** Formats a response for a person: the step at which it ended, status, body and rules. */
export function toResponseText(
  { operationId, status, body, rules, evidence }: OperationResponse,
  output: TerminalOutput,
): string {
  const failure = failures[operationId]
  const step = failure ? `${failure} (${operationId}).\n\n` : ''
  const style = status < 300 ? 'green' : 'red'
  const shown = escapeLines(typeof body === 'string' ? body : JSON.stringify(body, null, 2))
  const head = `${step}${styleFor(output, style, `HTTP ${status}`)}\n${shown}\n`
  if (rules.length === 0) return `${head}\nThe answer names no rules.\n`
  const title = `Its rules, of which the least known is ${evidence ?? 'assumed'} (${pastedCommand} rules <id> tells more):`
  return `${head}\n${title}\n${toRuleLines(rules.map(toListedRule), output)}`
}

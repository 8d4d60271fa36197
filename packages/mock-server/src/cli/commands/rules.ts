import { type Evidence, nearestWord, type Rule, rules } from '@sendbox/schema'
import { toRuleLines } from '../show-response.ts'
import type { Terminal, TerminalOutput } from '../terminal.ts'
import { CommandError, styleFor } from '../terminal.ts'

/** The flags of `sendbox rules`. */
export interface RulesFlags {
  readonly evidence?: readonly Evidence[]
  readonly json?: boolean
}

const all: readonly Rule[] = rules

/** `SEQ-1` names a rule, `EP-3` all parts of a row that was split, `SEQ` all of a kind; letter case does not count. */
function isNamed({ id }: Rule, name: string): boolean {
  const wanted = name.toUpperCase()
  const own = id.toUpperCase()
  return own === wanted || own.startsWith(`${wanted}.`) || own.startsWith(`${wanted}-`)
}

function findRules(names: readonly string[]): readonly Rule[] {
  if (names.length === 0) return all
  const unknown = names.filter(name => !all.some(rule => isNamed(rule, name)))
  if (unknown.length > 0)
    throw new CommandError(
      unknown
        .map(name => {
          const nearest = nearestWord(
            name,
            all.map(({ id }) => id),
          )
          return `there is no rule "${name}" (${nearest ? `did you mean ${nearest}?` : 'sendbox rules lists them'})`
        })
        .join('\n'),
    )
  return all.filter(rule => names.some(name => isNamed(rule, name)))
}

function toDetails({ id, text, evidence, sources, contradiction }: Rule, output: TerminalOutput) {
  const from = sources.length > 0 ? ` (${sources.join(', ')})` : ''
  const lines = [`${styleFor(output, 'bold', id)}  ${evidence}${from}`, `  ${text}`]
  if (contradiction) {
    lines.push('  The public material contradicts itself:')
    lines.push(...contradiction.sides.map(({ source, statement }) => `  - ${source}: ${statement}`))
    lines.push(`  Sendbox follows: ${contradiction.followed}`)
    if (contradiction.setting) lines.push(`  Setting: ${contradiction.setting}`)
  }
  return `${lines.join('\n')}\n`
}

function toText(names: readonly string[], found: readonly Rule[], output: TerminalOutput): string {
  if (found.length === 0) return 'There is no such rule.\n'
  if (names.length === 0) return toRuleLines(found, output)
  return found.map(rule => toDetails(rule, output)).join('\n')
}

/** Lists rules one a line, or shows those that are named with all that is known of them; answers the exit code. */
export async function runRules(
  names: readonly string[],
  { evidence, json }: RulesFlags,
  { stdout }: Pick<Terminal, 'stdout'>,
): Promise<number> {
  const found = findRules(names).filter(rule => evidence?.includes(rule.evidence) ?? true)
  stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : toText(names, found, stdout))
  return 0
}

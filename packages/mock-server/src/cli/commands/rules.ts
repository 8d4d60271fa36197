import { type Evidence, evidenceLevels, nearestWord, type Rule, rules } from '@sendbox/schema'
import { Option } from 'commander'
import { type AddCommand, examplesOf, pastedCommand } from '../command.ts'
import { toRuleLines } from '../rule-lines.ts'
import { CommandError, styleFor, type TerminalOutput } from '../terminal.ts'

interface RulesFlags {
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

function explainUnknown(name: string): string {
  const ids = all.map(({ id }) => id)
  const nearest = nearestWord(name, ids)
  const hint = nearest ? `did you mean ${nearest}?` : `${pastedCommand} rules lists them`
  return `there is no rule "${name}" (${hint})`
}

function findRules(names: readonly string[]): readonly Rule[] {
  if (names.length === 0) return all
  const unknown = names.filter(name => !all.some(rule => isNamed(rule, name)))
  if (unknown.length > 0) throw new CommandError(unknown.map(explainUnknown).join('\n'))
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

/** `sendbox rules`: lists rules one a line, or shows the named ones in full. */
export const addRules: AddCommand = (program, { terminal: { stdout }, end }) => {
  program
    .command('rules')
    .summary('list the rules that the mock follows, or explain one')
    .description(
      `Lists the rules that the mock follows, with the evidence of each, or shows those that are named with their sources.`,
    )
    .argument('[id...]', 'a rule (SEQ-1), a row of rules (EP-3), or all of a kind (SEQ)')
    .addOption(
      new Option('--evidence <level...>', 'only rules with this evidence').choices(evidenceLevels),
    )
    .option('--json', 'print them as JSON')
    .addHelpText(
      'after',
      examplesOf({
        rules: 'list all, one a line',
        'rules SEQ-1 EP-3': 'show these, with their sources',
        'rules --evidence assumed': 'list what Sendbox had to choose',
        'rules WH --json': 'the rules of webhooks, for programs',
      }),
    )
    .action((names: readonly string[], { evidence, json }: RulesFlags) => {
      const found = findRules(names).filter(rule => evidence?.includes(rule.evidence) ?? true)
      stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : toText(names, found, stdout))
      end(0)
    })
}

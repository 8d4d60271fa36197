import { nearestWord } from '@sendbox/schema'
import { type AddCommand, examplesOf, pastedCommand } from '../command.ts'
import { cutLine } from '../rule-lines.ts'
import { readSettingViews, type SettingView } from '../settings/reference.ts'
import { CommandError, styleFor, type TerminalOutput, widthOf } from '../terminal.ts'

/** `limits.textLength` names a setting, `limits` all of a group. */
const isNamed = ({ name }: SettingView, wanted: string): boolean =>
  name === wanted || name.startsWith(`${wanted}.`)

function findSettings(
  all: readonly SettingView[],
  names: readonly string[],
): readonly SettingView[] {
  const unknown = names.filter(name => !all.some(setting => isNamed(setting, name)))
  if (unknown.length === 0)
    return names.length === 0 ? all : all.filter(one => names.some(name => isNamed(one, name)))
  const lines = unknown.map(name => {
    const nearest = nearestWord(
      name,
      all.map(setting => setting.name),
    )
    const hint = nearest ? `did you mean ${nearest}?` : `${pastedCommand} settings lists them`
    return `there is no setting "${name}" (${hint})`
  })
  throw new CommandError(lines.join('\n'))
}

/** A setting in a line: its name, its default and its description, cut to the terminal's width. */
function toLines(settings: readonly SettingView[], output: TerminalOutput): string {
  const nameWidth = Math.max(...settings.map(({ name }) => name.length))
  return settings
    .map(({ name, default: value, description }) => {
      const rest = cutLine(
        `${JSON.stringify(value)}  ${description}`,
        widthOf(output) - nameWidth - 2,
      )
      return `${styleFor(output, 'bold', name.padEnd(nameWidth))}  ${rest}\n`
    })
    .join('')
}

function toDetails(setting: SettingView, output: TerminalOutput): string {
  const { name, default: value, values, rules, fixed, description } = setting
  return [
    styleFor(output, 'bold', name),
    `  ${description}`,
    `  default      ${JSON.stringify(value)}`,
    `  values       ${values}`,
    ...(rules.length > 0 ? [`  rules        ${rules.join(', ')}`] : []),
    `  at run time  ${fixed === null ? 'may change, for each account' : `fixed: ${fixed}`}\n`,
  ].join('\n')
}

/** `sendbox settings`: lists settings one a line, or shows the named ones in full. */
export const addSettings: AddCommand = (program, { terminal: { stdout }, end }) => {
  program
    .command('settings')
    .summary('list the settings with their defaults, or explain one')
    .description(
      'Lists the settings of the mock with their defaults, or shows those that are named with their values, their rules, and whether they may change at run time.',
    )
    .argument('[name...]', 'a setting (limits.textLength), or all of a group (limits)')
    .option('--json', 'print them as JSON')
    .addHelpText(
      'after',
      examplesOf({
        settings: 'list all, one a line',
        'settings survey limits': 'show these in full',
        'settings --json': 'for programs',
      }),
    )
    .action(async (names: readonly string[], { json }: { readonly json?: boolean }) => {
      const found = findSettings(await readSettingViews(), names)
      const text =
        names.length === 0
          ? toLines(found, stdout)
          : found.map(setting => toDetails(setting, stdout)).join('\n')
      stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : text)
      end(0)
    })
}

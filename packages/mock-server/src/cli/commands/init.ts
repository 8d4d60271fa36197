import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseSettings } from '../../settings.ts'
import { type AddCommand, examplesOf, pastedCommand } from '../command.ts'
import { codeOf } from '../read-json.ts'
import { connectionOptions } from '../send/options.ts'
import { configSchemaFile } from '../settings/reference.ts'
import { startOptions } from '../start/options.ts'
import { CommandError, escapeControls, quoteForShell } from '../terminal.ts'

/** Where the schema is if the package is installed in the folder of the file. */
const installedSchema = './node_modules/@sendbox/mock-server/config.schema.json'

/** The path of the schema from the folder of the file, as an editor resolves it. */
function toSchemaPath(schema: string, folder: string): string {
  if (existsSync(path.join(folder, installedSchema))) return installedSchema
  const relative = path.relative(folder, schema).replaceAll(path.sep, '/')
  return relative.startsWith('.') || path.isAbsolute(relative) ? relative : `./${relative}`
}

function toConfigText(folder: string): string {
  const { account, clientId, clientSecret } = connectionOptions
  const install = { clientId: clientId.default, clientSecret: clientSecret.default }
  const config = {
    $schema: toSchemaPath(configSchemaFile(), folder),
    port: startOptions.port.default,
    host: startOptions.host.default,
    settings: parseSettings({}),
    accounts: { [account.default]: { installs: [install] } },
  }
  return `${JSON.stringify(config, null, 2)}\n`
}

/** `sendbox init`. */
export const addInit: AddCommand = (program, { terminal: { stdout, folder }, end }) => {
  program
    .command('init')
    .summary('write a config file with all settings at their defaults')
    .description(
      'Writes a config file for "sendbox start --config" that has all settings, at their defaults, and the account of the examples. Its $schema gives each its description in an editor. A file that exists is not changed.',
    )
    .argument('[file]', 'the file to write', 'sendbox.json')
    .addHelpText(
      'after',
      examplesOf({
        init: 'write sendbox.json',
        'start --config sendbox.json': 'start with it',
        settings: 'what each setting means',
      }),
    )
    .action(async (name: string) => {
      const file = path.resolve(folder, name)
      try {
        await writeFile(file, toConfigText(path.dirname(file)), { flag: 'wx' })
      } catch (error) {
        const code = codeOf(error)
        const reasons: Readonly<Record<string, string>> = {
          EEXIST: `${name} exists, and is not changed: choose another name`,
          ENOENT: `${name} cannot be written: there is no folder ${path.dirname(file)}`,
        }
        throw new CommandError(reasons[code] ?? `${name} cannot be written: ${String(error)}`)
      }
      const shown = escapeControls(quoteForShell(name))
      stdout.write(`Wrote ${shown}, with all settings at their defaults: delete what you leave as it is.
An editor shows what each means, and so does ${pastedCommand} settings. Start with it:

  ${pastedCommand} start --config ${shown}
`)
      end(0)
    })
}

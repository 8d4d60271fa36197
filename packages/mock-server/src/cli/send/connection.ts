import { randomUUID } from 'node:crypto'
import {
  type CommandOptions,
  type Flags,
  type OptionValues,
  readFlags,
  readVariables,
} from '../options.ts'
import { CommandError, type Terminal } from '../terminal.ts'
import { connectionOptions } from './options.ts'
import type { Connection } from './session.ts'

const toDefaults = (): Connection => {
  const { url, account, clientId, clientSecret } = connectionOptions
  return {
    url: url.default,
    account: account.default,
    clientId: clientId.default,
    clientSecret: clientSecret.default,
    consumer: `consumer-${randomUUID().slice(0, 8)}`,
  }
}

/**
 * Reads the service, the app and the consumer from flags and variables, with defaults, and the other options of a command from its flags;
 * `values` are those that were given. Throws a `CommandError` that lists all bad values.
 */
export function readConnection(
  options: CommandOptions,
  flags: Flags,
  { env }: Pick<Terminal, 'env'>,
): { readonly connection: Connection; readonly values: OptionValues['values'] } {
  const given = readFlags({ ...connectionOptions, ...options }, flags)
  const variables = readVariables(connectionOptions, env)
  const problems = [...given.problems, ...variables.problems]
  if (problems.length > 0) throw new CommandError(problems.join('\n'))
  const values = { ...variables.values, ...given.values }
  return { connection: { ...toDefaults(), ...values }, values }
}

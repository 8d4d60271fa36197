import { mergeVariables, toConnectorVariables } from '../../run/environment.ts'
import type { Flags } from '../options.ts'
import { openMock } from '../start/open-mock.ts'
import { readStartOptions } from '../start/read-options.ts'
import { CommandError, escapeLines, type Terminal } from '../terminal.ts'
import { sumUpCalls, toSummaryText } from './call-summary.ts'
import { runDefaults } from './options.ts'

function explainFailure(command: string, error: unknown): CommandError {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  const words = reason === 'ENOENT' ? 'was not found' : `cannot be run (${reason})`
  return new CommandError(`The command ${command} ${words}`, 127)
}

/** Runs a command with the mock in place of LivePerson's hosts; resolves to the exit code of the command. */
export async function runConnector(
  [command = '', ...args]: readonly string[],
  flags: Flags,
  terminal: Terminal,
): Promise<number> {
  const read = await readStartOptions(flags, terminal, runDefaults)
  if (!read.ok) throw new CommandError(read.refusal)
  const { json } = read.value
  const { server, services, log } = await openMock(
    { tls: true, ...read.value, passThrough: true },
    terminal,
  )
  try {
    const { variables, warnings } = await toConnectorVariables(server, terminal.env)
    for (const warning of warnings) log.warn({}, warning)
    const toSummary = sumUpCalls(services)
    const env = mergeVariables(terminal.env, variables)
    const exitCode = await terminal.runProgram({ command, args, env }).catch((error: unknown) => {
      throw explainFailure(command, error)
    })
    const summary = toSummary()
    terminal.stderr.write(
      json
        ? `${JSON.stringify({ event: 'summary', exitCode, ...summary })}\n`
        : escapeLines(toSummaryText(summary)),
    )
    return exitCode
  } finally {
    await server.close()
  }
}

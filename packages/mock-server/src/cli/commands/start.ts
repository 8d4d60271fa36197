import { type AddCommand, addOptions, examplesOf } from '../command.ts'
import type { Flags } from '../options.ts'
import { startOptions } from '../start/options.ts'

/** `sendbox start`. */
export const addStart: AddCommand = (program, { terminal, end }) => {
  const start = program
    .command('start')
    .summary('start the mock server')
    .description(
      'Starts the mock server, which serves until Ctrl-C or SIGTERM; calls and webhooks in flight then have 5 s to end.',
    )
    .addHelpText(
      'after',
      `
Each option may also be an environment variable (--min-evidence is SENDBOX_MIN_EVIDENCE) or a field of the
config file; flags override variables, and these the file. docs/command.md lists all names.
${examplesOf({
  start: 'listen on http://127.0.0.1:4020',
  'start --port 0 --json': 'for programs: any free port, one line of JSON when it listens',
  'start --config sendbox.json': 'with settings and accounts from a file',
  'start --log-level debug': 'show each call',
})}`,
    )
    .action(async (flags: Flags) => {
      const { runStart } = await import('../start/run-start.ts')
      end(await runStart(flags, terminal))
    })
  addOptions(start, startOptions)
}

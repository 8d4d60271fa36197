import { type AddCommand, addOptions, examplesOf } from '../command.ts'
import type { Flags } from '../options.ts'
import { runOptions } from '../run/options.ts'

/** `sendbox run`. */
export const addRun: AddCommand = (program, { terminal, end }) => {
  const run = program
    .command('run')
    .summary("run a connector, or its tests, with the mock in place of LivePerson's hosts")
    .description(
      "Starts the mock, and runs a command in an environment in which LivePerson's hosts lead to it: https and http, for Node, Python, Java, Go and curl, without a change of their code. All other hosts are reached as before. Signals and the exit code pass through; what the mock saw is summed up at the end. The command finds the mock in SENDBOX_URL.",
    )
    .argument('<command...>', 'the command and its arguments')
    .passThroughOptions()
    .addHelpText(
      'after',
      examplesOf({
        'run -- npm test': "run a connector's tests",
        'run -- node connector.js': 'run a connector until Ctrl-C',
        'run --port 4020 --json -- npm test': 'at a fixed port, with a summary for programs',
      }),
    )
    .action(async (command: readonly string[], flags: Flags) => {
      const { runConnector } = await import('../run/run-connector.ts')
      end(await runConnector(command, flags, terminal))
    })
  addOptions(run, runOptions)
}

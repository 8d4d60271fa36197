import { type AddCommand, addOptions, examplesOf } from '../command.ts'
import { envOptions } from '../env/options.ts'
import type { Flags } from '../options.ts'

/** `sendbox env`. */
export const addEnv: AddCommand = (program, { terminal }) => {
  const env = program
    .command('env')
    .summary("print the environment in which LivePerson's hosts lead to a running mock")
    .description(
      'Prints the variables that "sendbox run" sets, for a mock that runs with --tls: for a shell, or for a step of a CI job. Each is merged with the variable of this environment.',
    )
    .addHelpText(
      'after',
      examplesOf({
        'start --tls --pass-through': 'the mock, in another terminal',
        'env > sendbox.env && . ./sendbox.env': 'for this shell',
        'env --format lines >> "$GITHUB_ENV"': 'for the next steps of a GitHub job',
      }),
    )
    .action(async (flags: Flags) => {
      const { runEnv } = await import('../env/run-env.ts')
      await runEnv(flags, terminal)
    })
  addOptions(env, envOptions)
}

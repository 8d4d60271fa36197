import { type AddCommand, addOptions, examplesOf } from '../command.ts'
import type { Flags } from '../options.ts'
import { tailOptions } from '../tail/options.ts'

/** `sendbox tail`. */
export const addTail: AddCommand = (program, { terminal }) => {
  const tail = program
    .command('tail')
    .summary('show all that happens in a running mock, as it happens')
    .description(
      'Shows the events of a mock: calls with those that miss, steps of conversations, webhook attempts, faults, clocks, settings and resets. Ends at Ctrl-C, and when the mock closes.',
    )
    .addHelpText(
      'after',
      `
URL, account and control token may also be environment variables: SENDBOX_URL, SENDBOX_ACCOUNT, SENDBOX_CONTROL_TOKEN.
${examplesOf({
  tail: 'all of http://127.0.0.1:4020',
  'tail --account 12345678 --problems': 'refusals and failed deliveries of one account',
  'tail --json': 'for programs',
})}`,
    )
    .action(async (flags: Flags) => {
      const { runTail } = await import('../tail/run-tail.ts')
      await runTail(flags, terminal)
    })
  addOptions(tail, tailOptions)
}

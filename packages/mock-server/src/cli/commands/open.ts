import { type AddCommand, addOptions, examplesOf } from '../command.ts'
import { openOptions } from '../open/options.ts'
import type { Flags } from '../options.ts'

/** `sendbox open`. */
export const addOpen: AddCommand = (program, { terminal }) => {
  const open = program
    .command('open')
    .summary("open a running mock's dashboard in the browser")
    .description(
      'Opens the dashboard of a mock, and prints its URL. With a control token the page gets it behind #, which browsers send to no server; the page keeps it in memory only.',
    )
    .addHelpText(
      'after',
      `
URL and control token may also be environment variables: SENDBOX_URL, SENDBOX_CONTROL_TOKEN.
${examplesOf({
  open: 'the dashboard of http://127.0.0.1:4020',
  'open --url http://127.0.0.1:4021': 'of another mock',
})}`,
    )
    .action(async (flags: Flags) => {
      const { runOpen } = await import('../open/run-open.ts')
      await runOpen(flags, terminal)
    })
  addOptions(open, openOptions)
}

import { type AddCommand, addOptions, examplesOf } from '../command.ts'
import type { Flags } from '../options.ts'
import { connectionOptions, curlOptions } from '../send/options.ts'

/** `sendbox curl`. */
export const addCurl: AddCommand = (program, { terminal, end }) => {
  const curl = program
    .command('curl')
    .summary('print a curl line that sends a text')
    .description(
      'Fetches both tokens, opens a conversation if none is given, and prints a line for a POSIX shell that sends a text to it by curl. The tokens are in the line; the AppJWT lives for an hour. Its options are also variables, as those of "sendbox send".',
    )
    .argument('[text]', 'the text to send', 'Hello')
    .addHelpText(
      'after',
      examplesOf({
        'curl "Hello"': 'print the line',
        'curl "Hello" | sh': 'run it',
        'curl --consumer zoe --conversation <id> "Hi"': 'for an existing conversation',
      }),
    )
    .action(async (text: string, flags: Flags) => {
      const { printCurl } = await import('../send/print-requests.ts')
      end(await printCurl(text, flags, terminal))
    })
  addOptions(curl, { ...connectionOptions, ...curlOptions })
}

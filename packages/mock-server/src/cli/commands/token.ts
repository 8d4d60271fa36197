import { type AddCommand, addOptions, examplesOf } from '../command.ts'
import type { Flags } from '../options.ts'
import { connectionOptions, tokenOptions } from '../send/options.ts'

/** `sendbox token`. */
export const addToken: AddCommand = (program, { terminal, end }) => {
  const token = program
    .command('token')
    .summary('fetch a pair of tokens, and print them for a shell')
    .description(
      'Fetches an AppJWT and the ConsumerJWS of a consumer, as a connector does, and prints two lines that export them as APP_JWT and CONSUMER_JWS. Its options are also variables, as those of "sendbox send". Ends with 1 if there are none.',
    )
    .addHelpText(
      'after',
      examplesOf({
        token: 'a pair of tokens of a new consumer',
        'token --consumer zoe > tokens.env && . ./tokens.env': 'for this shell',
        'token --json': 'for programs',
      }),
    )
    .action(async (flags: Flags) => {
      const { printTokens } = await import('../send/print-requests.ts')
      end(await printTokens(flags, terminal))
    })
  addOptions(token, { ...connectionOptions, ...tokenOptions })
}

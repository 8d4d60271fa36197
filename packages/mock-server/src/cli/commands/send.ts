import { type AddCommand, addOptions, examplesOf } from '../command.ts'
import type { Flags } from '../options.ts'
import { connectionOptions, messageOptions } from '../send/options.ts'

/** `sendbox send`. */
export const addSend: AddCommand = (program, { terminal, end }) => {
  const send = program
    .command('send')
    .summary('log in, open a conversation, send, and show the response with its rules')
    .description(
      `Sends one request as a consumer, to a mock or to the real service. Asks the Domain API, fetches both tokens, opens a \
conversation if none is given, and shows the response with its rules. Ends with 0 if it is 2xx, else with 1.`,
    )
    .argument('[text]', 'the text to send')
    .addHelpText(
      'after',
      `
URL, account, client id, secret and consumer may also be environment variables: SENDBOX_URL, SENDBOX_ACCOUNT,
SENDBOX_CLIENT_ID, SENDBOX_CLIENT_SECRET, SENDBOX_CONSUMER.
${examplesOf({
  'send "Hello"': 'open a conversation and send a text',
  'send --consumer zoe --conversation <id> "Hi"': 'send to an existing conversation',
  'send --consumer zoe --chat-state COMPOSING': 'the consumer types',
  'send --consumer zoe --conversation <id> --accept 0,1': 'the consumer got 0 and 1',
  'send --consumer zoe --conversation <id> --close': 'close the conversation',
  'send --body @event.json': 'publish {"event":{…}} from a file',
  'send --type userprofile.SetUserProfile --body {}': 'send another type',
})}`,
    )
    .action(async (text: string | undefined, flags: Flags) => {
      const { runSend } = await import('../send/run-send.ts')
      end(await runSend(text, flags, terminal))
    })
  addOptions(send, { ...connectionOptions, ...messageOptions })
}

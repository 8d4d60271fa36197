import { evidenceLevels } from '@sendbox/schema'
import { Command, Option } from 'commander'
import type { RulesFlags } from './commands/rules.ts'
import type { SchemaFlags } from './commands/schema.ts'
import type { Flags } from './options.ts'
import { addOptions } from './options.ts'
import { connectionOptions, messageOptions } from './send/options.ts'
import { startOptions } from './start/options.ts'
import { type Terminal, widthOf } from './terminal.ts'

/** What the commands do. */
export interface CommandRunners {
  readonly start: (flags: Flags) => Promise<void>
  readonly send: (text: string | undefined, flags: Flags) => Promise<void>
  readonly schema: (name: string | undefined, flags: SchemaFlags) => Promise<void>
  readonly rules: (names: readonly string[], flags: RulesFlags) => Promise<void>
}

const examplesOf = (lines: Readonly<Record<string, string>>): string => {
  const width = Math.max(...Object.keys(lines).map(({ length }) => length))
  const shown = Object.entries(lines).map(([line, what]) => `  ${line.padEnd(width)}  ${what}`)
  return `\nExamples:\n${shown.join('\n')}`
}

function addStart(program: Command, run: CommandRunners['start']): void {
  const start = program
    .command('start')
    .summary('start the mock server')
    .description(
      'Starts the mock server, which answers until Ctrl-C or SIGTERM; calls in flight then have 5 s to end.',
    )
    .addHelpText(
      'after',
      `
Each option may also be an environment variable (--min-evidence is SENDBOX_MIN_EVIDENCE) or stand in the
config file; flags win over variables, and these over the file. docs/command.md lists all names.
${examplesOf({
  'sendbox start': 'listen on http://127.0.0.1:4020',
  'sendbox start --port 0 --json': 'for programs: any free port, one line of JSON when it listens',
  'sendbox start --config sendbox.json': 'with settings and accounts from a file',
  'sendbox start --log-level debug': 'show each call',
})}`,
    )
    .action(run)
  addOptions(start, startOptions)
}

function addSend(program: Command, run: CommandRunners['send']): void {
  const send = program
    .command('send')
    .summary('log in, open a conversation, send, and show the answer with its rules')
    .description(
      `Sends one request as a consumer, to a mock or to the real service. Asks the Domain API, fetches both tokens, opens a \
conversation where none is given, and shows the answer with its rules. Ends with 0 where it is 2xx, else with 1.`,
    )
    .argument('[text]', 'the text to send')
    .addHelpText(
      'after',
      `
URL, account, client id, secret and consumer may also be environment variables: SENDBOX_URL, SENDBOX_ACCOUNT,
SENDBOX_CLIENT_ID, SENDBOX_CLIENT_SECRET, SENDBOX_CONSUMER.
${examplesOf({
  'sendbox send "Hello"': 'open a conversation and send a text',
  'sendbox send --consumer zoe --conversation <id> "Hi"': 'go on in a conversation',
  'sendbox send --consumer zoe --chat-state COMPOSING': 'the consumer types',
  'sendbox send --consumer zoe --conversation <id> --accept 0,1': 'the consumer got 0 and 1',
  'sendbox send --consumer zoe --conversation <id> --close': 'close the conversation',
  'sendbox send --body @event.json': 'publish {"event":{…}} from a file',
  'sendbox send --type userprofile.SetUserProfile --body {}': 'send another type',
})}`,
    )
    .action(run)
  addOptions(send, { ...connectionOptions, ...messageOptions })
}

function addSchema(program: Command, run: CommandRunners['schema']): void {
  program
    .command('schema')
    .summary('list the schemas, or print one as JSON Schema')
    .description(
      'Lists the schemas of all payloads, prints one of them as JSON Schema, or prints the OpenAPI document.',
    )
    .argument('[name]', 'the schema to print; bundle for all in one')
    .addOption(
      new Option('--draft <draft>', 'the version of JSON Schema')
        .choices(['2020-12', 'draft-07'])
        .default('2020-12'),
    )
    .option('--openapi', 'print the OpenAPI 3.1 document of the whole API')
    .addHelpText(
      'after',
      examplesOf({
        'sendbox schema': 'list the schemas',
        'sendbox schema SendRequest': 'what SEND takes',
        'sendbox schema Notification --draft draft-07': 'for an older validator',
        'sendbox schema --openapi > openapi.json': 'for generators and viewers',
      }),
    )
    .action(run)
}

function addRules(program: Command, run: CommandRunners['rules']): void {
  program
    .command('rules')
    .summary('list the rules that the mock follows, or explain one')
    .description(
      `Lists the rules that the mock follows, with how well each is known, or shows those that are named with their sources.`,
    )
    .argument('[id...]', 'a rule (SEQ-1), a row of rules (EP-3), or all of a kind (SEQ)')
    .addOption(
      new Option('--evidence <level...>', 'only those that are known as well as this').choices(
        evidenceLevels,
      ),
    )
    .option('--json', 'print them as JSON')
    .addHelpText(
      'after',
      examplesOf({
        'sendbox rules': 'list all, one a line',
        'sendbox rules SEQ-1 EP-3': 'show these, with their sources',
        'sendbox rules --evidence assumed': 'list what Sendbox had to choose',
        'sendbox rules WH --json': 'the rules of webhooks, for programs',
      }),
    )
    .action(run)
}

/** Makes the command line of `sendbox`; what is wrong with one is thrown as a `CommanderError`, and written first. */
export function createProgram(
  version: string,
  runners: CommandRunners,
  { stdout, stderr }: Pick<Terminal, 'stdout' | 'stderr'>,
): Command {
  const program = new Command('sendbox')
    .description("An offline twin of LivePerson's Send API v3.")
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: text => void stdout.write(text),
      writeErr: text => void stderr.write(text),
      getOutHelpWidth: () => widthOf(stdout),
      getErrHelpWidth: () => widthOf(stderr),
    })
    .addHelpText(
      'after',
      examplesOf({
        'sendbox start': 'start the mock on http://127.0.0.1:4020',
        'sendbox send "Hello"': 'send it a text, from another terminal',
        'sendbox rules LIF-2': 'explain a rule that an answer names',
        'sendbox help send': 'tell more about one command',
      }),
    )
  addStart(program, runners.start)
  addSend(program, runners.send)
  addSchema(program, runners.schema)
  addRules(program, runners.rules)
  return program
}

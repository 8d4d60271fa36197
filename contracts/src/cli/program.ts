import { Command } from 'commander'
import type { DriftFlags } from './commands/drift.ts'
import type { RecordFlags } from './commands/record.ts'
import type { ReplayFlags } from './commands/replay.ts'
import type { ServeFlags } from './commands/serve.ts'
import type { VerifyFlags } from './commands/verify.ts'
import { type Terminal, widthOf } from './terminal.ts'

/** Runs a command, which resolves with its exit code. Each command is imported on demand: the mock takes longer to load than all the rest. */
type Run = (command: (terminal: Terminal) => Promise<number>) => Promise<void>

const examplesOf = (lines: Readonly<Record<string, string>>): string => {
  const shown = Object.entries(lines).map(
    // npx finds the command where it is installed; `--no` keeps it from a registry's package of that name.
    ([line, what]) => `  npx --no -- sendbox-contracts ${line}\n      ${what}`,
  )
  return `\nExamples:\n${shown.join('\n')}`
}

const exitCodes = `
Ends with 0 where the contracts hold, 1 where one is broken or none could be verified, 2 where the command or its set-up is wrong.`

const serviceHelp = `
The mock is started in this process. A real service is called as SENDBOX_ACCOUNT_ID, SENDBOX_CLIENT_ID and
SENDBOX_CLIENT_SECRET say, which are read from the environment; before anything is sent the command says
what it will do, and asks. What needs an agent, webhooks, settings or the mock's control API is left out there,
and listed.`

const targetHelp = 'mock, or the base URL of the Domain API of a real service'
const plainHttpHelp = 'send secret and tokens over plain http also off the local network'
const resultsHelp = 'the folder where live runs are stored, for drift'

/** Adds consent and help to a command that may call a real service. */
function addServiceHelp(command: Command, examples: Readonly<Record<string, string>>): void {
  command
    .option('--allow-plain-http', plainHttpHelp)
    .option('--yes', 'call a real service without a question, for CI')
    .addHelpText('after', `${serviceHelp}\n${exitCodes}\n${examplesOf(examples)}`)
}

function addVerify(program: Command, run: Run): void {
  const command = program
    .command('verify')
    .summary('verify pacts and traces against the mock or the real service')
    .description(
      'Verifies contracts against the mock or a real service: those that Sendbox has, or pacts of your own.',
    )
    .requiredOption('--target <target>', targetHelp)
    .option('--pact <file...>', 'pact files to verify, in place of those of Sendbox')
    .option('--trace <file...>', 'traces to replay, in place of those of Sendbox')
    .option('--report <form=file...>', 'write a report: json=<file> or junit=<file>')
    .option('--results <folder>', resultsHelp, 'live-runs')
    .option('--broker-url <url>', 'the Pact broker whose pacts are verified, in place of files')
    .option('--provider <name>', 'the provider of these pacts', 'send-api')
    .option('--publish', 'publish the results to the broker')
    .option('--provider-version <version>', 'the version whose results are published')
    .option('--provider-branch <branch>', 'its branch, for which pacts may be pending')
    .action((flags: VerifyFlags) =>
      run(async terminal => (await import('./commands/verify.ts')).runVerify(flags, terminal)),
    )
  addServiceHelp(command, {
    'verify --target mock': 'all contracts of Sendbox against the mock',
    'verify --target mock --pact pacts/*.json': 'your own pacts, in any language, against the mock',
    'verify --target mock --report junit=reports/contracts.xml': 'with a report for CI',
    'verify --target mock --broker-url <url> --publish --provider-version sendbox-0.1.0':
      'the pacts of a broker, from CI',
    'verify --target https://<host> --yes': 'the real service, from CI',
  })
  command.addHelpText(
    'after',
    `
A broker is asked for the pacts of main branches and those that are deployed or released, as PACT_BROKER_TOKEN,
or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD, authorize. A failure of a pending pact is shown and fails nothing.`,
  )
}

function addReplay(program: Command, run: Run): void {
  const command = program
    .command('replay')
    .summary('replay traces')
    .description('Replays traces, such as record writes, against the mock or a real service.')
    .argument('<trace...>', 'files of traces')
    .option('--target <target>', targetHelp, 'mock')
    .option('--results <folder>', resultsHelp, 'live-runs')
    .action((traces: readonly string[], flags: ReplayFlags) =>
      run(async terminal =>
        (await import('./commands/replay.ts')).runReplay(traces, flags, terminal),
      ),
    )
  addServiceHelp(command, {
    'replay my-connector.json': 'does the mock still do what was recorded?',
    'replay my-connector.json --target https://<host>': 'does the service?',
  })
}

function addDrift(program: Command, run: Run): void {
  const command = program
    .command('drift')
    .summary('show for each rule what docs, mock and real service say')
    .description(
      `Writes drift.html and drift.json: for each rule what the docs say, what the mock does where --target mock verifies it, and \
what the last live run showed and when. Without a run that says "never".`,
    )
    .option('--target <target>', `verify this first: ${targetHelp}`)
    .option('--results <folder>', 'the folder where live runs are stored', 'live-runs')
    .option('--out <folder>', 'the folder to write into', 'reports')
    .action((flags: DriftFlags) =>
      run(async terminal => (await import('./commands/drift.ts')).runDrift(flags, terminal)),
    )
  addServiceHelp(command, {
    'drift --target mock': 'verify the mock, and compare it with the live runs',
    drift: 'the live runs only',
  })
}

function addRecord(program: Command, run: Run): void {
  program
    .command('record')
    .summary('record what a connector and a service say to each other, as a trace')
    .description(
      `Stands between a connector and a service until Ctrl-C: passes everything through, checks both directions against the \
schema, and writes a trace without tokens, secrets and signatures, which replay replays.`,
    )
    .requiredOption('--target <url>', 'base URL of the Domain API of the service, or of a mock')
    .option(
      '--out <file>',
      'the trace to write, such as my-connector.json (default: recording-<time>.json)',
    )
    .option(
      '--port <port>',
      'where the connector finds it on 127.0.0.1; 0 takes a free one',
      '4021',
    )
    .option(
      '--tls',
      'record a connector with built-in https hosts, too: one that sendbox env leads here',
    )
    .option('--allow-plain-http', plainHttpHelp)
    .addHelpText(
      'after',
      `
Point the connector at it as its Domain API: the hosts that the Domain API names are replaced with ports of 127.0.0.1.
A service with a private CA is trusted by NODE_EXTRA_CA_CERTS, as in any program of Node.
${examplesOf({
  'record --target http://127.0.0.1:4020 --out my-connector.json': 'record against a running mock',
  'record --target https://api.liveperson.net --tls': 'record a connector that asks the real hosts',
})}`,
    )
    .action((flags: RecordFlags) =>
      run(async terminal => (await import('./commands/record.ts')).runRecord(flags, terminal)),
    )
}

function addServe(program: Command, run: Run): void {
  program
    .command('serve')
    .summary('serve the mock to any Pact verifier')
    .description(
      `Serves the mock to a Pact verifier of any language until Ctrl-C, with the verdicts of verify: replaces tokens, sets up \
provider states, and starts a new mock for each interaction.`,
    )
    .option('--port <port>', 'where the verifier finds it on 127.0.0.1; 0 takes a free one', '4022')
    .addHelpText(
      'after',
      `
Its state-change URL takes JSON bodies ({state, params, action}), and teardowns. It sends no messages: verify
sends those of Sendbox's own pact, and lists all others.
${examplesOf({ serve: 'print the flags for a verifier, and wait for it' })}`,
    )
    .action((flags: ServeFlags) =>
      run(async terminal => (await import('./commands/serve.ts')).runServe(flags, terminal)),
    )
}

/** Creates the command line of `sendbox-contracts`; a usage error is written to stderr, then thrown as a `CommanderError`. */
export function createProgram(
  version: string,
  terminal: Terminal,
  setExitCode: (exitCode: number) => void,
): Command {
  const { stdout, stderr } = terminal
  const program = new Command('sendbox-contracts')
    .description('Holds the mock and the real Send API side by side.')
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
        'verify --target mock': 'does the mock keep all contracts?',
        'verify --target mock --pact pacts/*.json': 'does it keep mine?',
        'help verify': 'tell more about one command',
      }),
    )
  const run: Run = async command => setExitCode(await command(terminal))
  for (const add of [addVerify, addServe, addReplay, addDrift, addRecord]) add(program, run)
  return program
}

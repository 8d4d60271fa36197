import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { type ConfigFile, largestPort, readConfigFile } from './config-file.ts'
import { isLoopbackUrl } from './loopback.ts'
import { type Settings, SettingsSchema } from './settings.ts'
import { toPublicBanner, toStartBanner } from './start-banner.ts'
import { type MockServer, type MockServerOptions, startMockServer } from './start-mock-server.ts'

/** The flags of `sendbox start` that were given. */
interface StartFlags extends Pick<ConfigFile, 'port' | 'host' | 'seed'> {
  readonly mode?: Settings['mode']
  readonly minEvidence?: Settings['minEvidence']
  readonly config?: string
}

type StartOptions = MockServerOptions & Required<Pick<MockServerOptions, 'port' | 'host'>>

const defaults = { port: 4020, host: '127.0.0.1' } as const

const exampleConsumerId = 'example-consumer'

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= largestPort) return port
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${largestPort}.`)
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined

function explainStartFailure(error: unknown, { port, host }: StartOptions): string {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken. Stop what listens there, or choose another: --port ${port + 1}`
    case 'EACCES':
      return `Port ${port} on ${host} may not be used by this user. Choose one from 1024 up: --port 4020`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine. Choose another: --host 127.0.0.1`
    default:
      return `Sendbox cannot listen on ${host}, port ${port}: ${String(error)}`
  }
}

/** Resolves at Ctrl-C or SIGTERM. npm passes on a signal that its whole group has had, so repeats are expected. */
const waitForSignal = (): Promise<void> =>
  new Promise(resolve => {
    process.on('SIGINT', () => resolve())
    process.on('SIGTERM', () => resolve())
  })

async function toBanner(server: MockServer): Promise<string> {
  const account = server.account()
  if (!isLoopbackUrl(server.url)) return toPublicBanner({ server, account })
  const tokens = await account.tokens(exampleConsumerId)
  const { conversationId } = await account.conversations.open(exampleConsumerId)
  return toStartBanner({
    server,
    account,
    extConsumerId: exampleConsumerId,
    tokens,
    conversationId,
  })
}

/** Flags win over the config file, which wins over the defaults. */
const toStartOptions = (
  { mode, minEvidence, ...flags }: Omit<StartFlags, 'config'>,
  config: ConfigFile,
): StartOptions => ({
  ...defaults,
  ...config,
  ...flags,
  settings: {
    ...config.settings,
    ...(mode && { mode }),
    ...(minEvidence && { minEvidence }),
  },
})

function fail(message: string): void {
  process.stderr.write(`${message}\n`)
  process.exitCode = 1
}

/** Starts the mock as the flags and the config file say; the file's path is relative to `folder`. */
async function start({ config, ...flags }: StartFlags, folder: string): Promise<void> {
  if (config === undefined) return run(toStartOptions(flags, {}))
  const file = await readConfigFile(path.resolve(folder, config))
  return file.ok ? run(toStartOptions(flags, file.config)) : fail(file.message)
}

async function run(options: StartOptions): Promise<void> {
  const signalled = waitForSignal()
  let server: MockServer
  try {
    server = await startMockServer(options)
  } catch (error) {
    return fail(explainStartFailure(error, options))
  }
  process.stdout.write(await toBanner(server))
  await signalled
  await server.close()
  // Node gives up its signal handlers while it winds down by itself: npm's repeat of the signal would end it with another code.
  process.exit(0)
}

/** How the command is run. */
export interface CliOptions {
  /**
   * The folder that relative paths start from.
   * @default process.cwd()
   */
  readonly folder?: string | undefined
}

/** Runs the `sendbox` command; `argv` is without the program's name. */
export async function runCli(
  argv: readonly string[],
  { folder = process.cwd() }: CliOptions = {},
): Promise<void> {
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  const program = new Command('sendbox')
    .description("An offline twin of LivePerson's Send API v3")
    .version(version)
  program
    .command('start')
    .description('start the mock server')
    .option(
      '-p, --port <number>',
      `TCP port; 0 takes a free one (default: ${defaults.port})`,
      parsePort,
    )
    .option('--host <address>', `address to listen on (default: ${defaults.host})`)
    .option('--seed <text>', 'make ids repeatable: the same seed and calls give the same ids')
    .addOption(
      new Option(
        '--mode <mode>',
        'take what is documented or recorded only, or what is tolerated too',
      ).choices(SettingsSchema.shape.mode.unwrap().options),
    )
    .addOption(
      new Option(
        '--min-evidence <level>',
        'answer 501 where it is known less well than this what the service answers',
      ).choices(SettingsSchema.shape.minEvidence.unwrap().options),
    )
    .option('--config <file>', 'read options, settings and accounts from a JSON file; flags win')
    .action((flags: StartFlags) => start(flags, folder))
  await program.parseAsync(argv, { from: 'user' })
}

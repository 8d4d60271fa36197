import { readFile } from 'node:fs/promises'
import { Command, InvalidArgumentError } from 'commander'
import { isLoopbackUrl } from './loopback.ts'
import { toPublicBanner, toStartBanner } from './start-banner.ts'
import { type MockServer, startMockServer } from './start-mock-server.ts'

interface StartOptions {
  readonly port: number
  readonly host: string
  readonly seed?: string
}

const exampleConsumerId = 'example-consumer'

const largestPort = 65_535

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

async function start(options: StartOptions): Promise<void> {
  const signalled = waitForSignal()
  let server: MockServer
  try {
    server = await startMockServer(options)
  } catch (error) {
    process.stderr.write(`${explainStartFailure(error, options)}\n`)
    process.exitCode = 1
    return
  }
  process.stdout.write(await toBanner(server))
  await signalled
  await server.close()
  // Node gives up its signal handlers while it winds down by itself: npm's repeat of the signal would end it with another code.
  process.exit(0)
}

/** Runs the `sendbox` command; `argv` is without the program's name. */
export async function runCli(argv: readonly string[]): Promise<void> {
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  const program = new Command('sendbox')
    .description("An offline twin of LivePerson's Send API v3")
    .version(version)
  program
    .command('start')
    .description('start the mock server')
    .option('-p, --port <number>', 'TCP port; 0 takes a free one', parsePort, 4020)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--seed <text>', 'make ids repeatable: the same seed and calls give the same ids')
    .action(start)
  await program.parseAsync(argv, { from: 'user' })
}

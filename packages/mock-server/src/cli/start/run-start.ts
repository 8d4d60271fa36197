import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { MockAccount } from '../../app/account.ts'
import {
  type MockServer,
  type MockServerOptions,
  startMockServer,
} from '../../app/start-mock-server.ts'
import { isLoopbackUrl } from '../../http/host-name.ts'
import { DataError } from '../../persistence/data-error.ts'
import { exampleConsumerId } from '../../services.ts'
import { CaError } from '../../tls/ca-error.ts'
import { toLpConsumerId } from '../../tokens/token-service.ts'
import { createLog } from '../log.ts'
import { type Flags, toFlag } from '../options.ts'
import { codeOf, explainReadError } from '../read-json.ts'
import { CommandError, type Terminal } from '../terminal.ts'
import { toPublicBanner, toReadyLine, toStartBanner } from './banner.ts'
import { readStartOptions, type StartRequest } from './read-options.ts'

function explainStartFailure(error: unknown, { port, host }: StartRequest): string {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken. Stop what listens there, or choose another: --port ${port + 1}`
    case 'EACCES':
      return `Port ${port} on ${host} may not be used by this user. Choose one from 1024 up: --port 4020`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine. Choose another: --host 127.0.0.1`
    default:
      if (error instanceof DataError || error instanceof CaError) return error.message
      return `Sendbox cannot listen on ${host}, port ${port}: ${String(error)}`
  }
}

/** The open conversation of the example's consumer, which a data folder may already have; a new one otherwise. */
async function openExample({ accountId, conversations }: MockAccount): Promise<string> {
  const consumerId = toLpConsumerId(accountId, exampleConsumerId)
  const known = await conversations.list()
  const open = known.find(
    ({ stage, dialogs }) =>
      stage === 'OPEN' &&
      dialogs[0]?.chatStates.some(({ participantId }) => participantId === consumerId),
  )
  return (open ?? (await conversations.open(exampleConsumerId))).conversationId
}

async function toGreeting(
  server: MockServer,
  { json, controlToken }: StartRequest,
): Promise<string> {
  const account = server.account()
  const isLoopback = isLoopbackUrl(server.url)
  const isControlOpen = isLoopback || controlToken !== undefined
  if (json) return toReadyLine({ server, account, isControlOpen, pid: process.pid })
  if (!isLoopback) return toPublicBanner({ server, account, isControlOpen })
  const tokens = await account.tokens(exampleConsumerId)
  const conversationId = await openExample(account)
  const isControlTokenRequired = controlToken !== undefined
  return toStartBanner({ server, account, tokens, conversationId, isControlTokenRequired })
}

async function readPem(name: 'tlsCert' | 'tlsKey', file: string, folder: string): Promise<string> {
  try {
    return await readFile(path.resolve(folder, file), 'utf8')
  } catch (error) {
    throw new CommandError(`${toFlag(name)}: cannot read ${file}: ${explainReadError(error)}`)
  }
}

/** How the port speaks TLS, from the options of the command. */
async function readTls(
  { tls = false, tlsCert, tlsKey, caName }: StartRequest,
  { folder }: Terminal,
): Promise<NonNullable<MockServerOptions['tls']>> {
  if (tlsCert === undefined && tlsKey === undefined)
    return tls && caName ? { caNames: caName } : tls
  if (tlsCert === undefined || tlsKey === undefined)
    throw new CommandError('--tls-cert and --tls-key go together: name both files')
  return {
    cert: await readPem('tlsCert', tlsCert, folder),
    key: await readPem('tlsKey', tlsKey, folder),
  }
}

/** Starts the mock, prints its URL, and closes it at a signal; resolves to the exit code. */
export async function runStart(flags: Flags, terminal: Terminal): Promise<number> {
  const read = await readStartOptions(flags, terminal)
  if (!read.ok) throw new CommandError(read.refusal)
  const { json: _, logLevel, tlsCert: _cert, tlsKey: _key, caName: _names, ...options } = read.value
  const tls = await readTls(read.value, terminal)
  // Whoever waits for the greeting may send the signal right after it.
  const signalled = terminal.waitForSignal()
  const log = createLog(logLevel, terminal.stderr)
  terminal.onWarning?.(warning => log.warn({ err: warning }, 'a warning of Node'))
  let server: MockServer
  try {
    server = await startMockServer({ ...options, tls, log })
  } catch (error) {
    throw new CommandError(explainStartFailure(error, read.value))
  }
  terminal.stdout.write(await toGreeting(server, read.value))
  await signalled
  log.info({}, 'stopping: calls and webhooks in flight have 5 s to end')
  await server.close()
  return 0
}

import { type MockAccount, type MockServer, startMockServer } from '../../app/start-mock-server.ts'
import { isLoopbackUrl } from '../../control/guard.ts'
import { DataError } from '../../persistence/data-error.ts'
import { exampleConsumerId } from '../../services.ts'
import type { ConversationView } from '../../store/conversation-view.ts'
import { toLpConsumerId } from '../../tokens/token-service.ts'
import { readStartOptions, type StartRequest } from '../config-file.ts'
import { createLog } from '../log.ts'
import type { Flags } from '../options.ts'
import { toPublicBanner, toReadyLine, toStartBanner } from '../start/banner.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined

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
      if (error instanceof DataError) return error.message
      return `Sendbox cannot listen on ${host}, port ${port}: ${String(error)}`
  }
}

/** A mock with a data folder may have the conversation of its last start. */
async function openExample({
  accountId,
  conversations,
}: MockAccount): Promise<Pick<ConversationView, 'conversationId'>> {
  const consumerId = toLpConsumerId(accountId, exampleConsumerId)
  const known = await conversations.list()
  const open = known.find(
    ({ stage, dialogs }) =>
      stage === 'OPEN' &&
      dialogs[0]?.chatStates.some(({ participantId }) => participantId === consumerId),
  )
  return open ?? conversations.open(exampleConsumerId)
}

async function toBanner(server: MockServer, isControlOpen: boolean): Promise<string> {
  const account = server.account()
  if (!isLoopbackUrl(server.url)) return toPublicBanner({ server, account }, isControlOpen)
  const tokens = await account.tokens(exampleConsumerId)
  const { conversationId } = await openExample(account)
  return toStartBanner({
    server,
    account,
    extConsumerId: exampleConsumerId,
    tokens,
    conversationId,
  })
}

async function toGreeting(server: MockServer, request: StartRequest): Promise<string> {
  const isControlOpen = isLoopbackUrl(server.url) || request.controlToken !== undefined
  return request.json
    ? toReadyLine({ server, account: server.account(), isControlOpen, pid: process.pid })
    : toBanner(server, isControlOpen)
}

/** Starts the mock, says where it is, and stops it at a signal; answers the exit code. */
export async function runStart(flags: Flags, terminal: Terminal): Promise<number> {
  const { stdout, stderr } = terminal
  const read = await readStartOptions(flags, terminal)
  if (!read.ok) throw new CommandError(read.message)
  const { json: _, logLevel, ...options } = read.request
  // Who waits for the greeting may send the signal right after it.
  const signalled = terminal.waitForSignal()
  const log = createLog(logLevel, stderr)
  let server: MockServer
  try {
    server = await startMockServer({ ...options, log })
  } catch (error) {
    throw new CommandError(explainStartFailure(error, read.request))
  }
  stdout.write(await toGreeting(server, read.request))
  await signalled
  log.info({}, 'stopping: calls in flight have 5 s to end')
  await server.close()
  return 0
}

import type { MockAccount } from '../../app/account.ts'
import type { MockServer } from '../../app/start-mock-server.ts'
import { isLoopbackUrl } from '../../http/host-name.ts'
import { exampleConsumerId } from '../../services.ts'
import { toLpConsumerId } from '../../tokens/token-service.ts'
import type { Flags } from '../options.ts'
import { CommandError, type Terminal } from '../terminal.ts'
import { toPublicBanner, toReadyLine, toStartBanner } from './banner.ts'
import { openMock } from './open-mock.ts'
import { readStartOptions, type StartRequest } from './read-options.ts'

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

/** Starts the mock, prints its URL, and closes it at a signal; resolves to the exit code. */
export async function runStart(flags: Flags, terminal: Terminal): Promise<number> {
  const read = await readStartOptions(flags, terminal)
  if (!read.ok) throw new CommandError(read.refusal)
  // Whoever waits for the greeting may send the signal right after it.
  const signalled = terminal.waitForSignal()
  const { server, log } = await openMock(read.value, terminal)
  terminal.stdout.write(await toGreeting(server, read.value))
  await signalled
  log.info({}, 'stopping: calls and webhooks in flight have 5 s to end')
  await server.close()
  return 0
}

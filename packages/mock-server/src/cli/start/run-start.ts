import type { MockServer } from '../../app/start-mock-server.ts'
import { toCallEvent } from '../../events/event.ts'
import { isLoopbackUrl } from '../../http/host-name.ts'
import { redactSecrets } from '../../redact/secrets.ts'
import type { Services } from '../../services.ts'
import { type CallEvent, toCallLine } from '../call-line.ts'
import type { Flags } from '../options.ts'
import { CommandError, type Terminal, type TerminalOutput } from '../terminal.ts'
import { toPublicBanner, toReadyLine, toStartBanner } from './banner.ts'
import { openMock } from './open-mock.ts'
import { findConfigFile, readStartOptions, type StartRequest } from './read-options.ts'
import { watchConfig } from './watch-config.ts'

/** The text that says where the mock listens; empty for a quiet one. */
function toGreeting(
  server: MockServer,
  { json, quiet, controlToken }: StartRequest,
  accountId: string | undefined,
): string {
  const account = server.account(accountId)
  const isLoopback = isLoopbackUrl(server.url)
  const isControlOpen = isLoopback || controlToken !== undefined
  if (json) return toReadyLine({ server, account, isControlOpen, pid: process.pid })
  if (quiet) return ''
  if (!isLoopback) return toPublicBanner({ server, account, isControlOpen })
  return toStartBanner({ server, account, isControlTokenRequired: controlToken !== undefined })
}

/** Browsers ask for it by themselves. */
const isIcon = ({ operation, path }: CallEvent): boolean =>
  operation === null && path === '/favicon.ico'

/** Writes a line for each call of an operation and each request that is none; the control API's are no calls. */
const showCalls = ({ updates, installs }: Services, output: TerminalOutput): void =>
  void updates.subscribe('call', update => {
    const secrets = installs.secretsOf(update.accountId ?? undefined)
    const { data } = toCallEvent(update, () => secrets)
    const event = redactSecrets(data, secrets) as CallEvent
    if (isIcon(event)) return
    output.write(toCallLine(event, new Date().toISOString().slice(11, 23), output))
  })

/** Starts the mock, prints its URL, and closes it at a signal; resolves to the exit code. */
export async function runStart(flags: Flags, terminal: Terminal): Promise<number> {
  const read = await readStartOptions(flags, terminal)
  if (!read.ok) throw new CommandError(read.refusal)
  const { quiet, logLevel, watch } = read.value
  const configFile = watch ? findConfigFile(flags, terminal) : undefined
  if (watch && configFile === undefined)
    throw new CommandError('--watch goes with --config: name the file to watch')
  const request: StartRequest =
    quiet && logLevel === 'info' ? { ...read.value, logLevel: 'warn' } : read.value
  // Whoever waits for the greeting may send the signal right after it.
  const signalled = terminal.waitForSignal()
  const { server, services, log, accountId } = await openMock(request, terminal)
  // From debug on, the log itself has a line for each call.
  if (request.logLevel === 'info' && terminal.stderr.isTTY === true)
    showCalls(services, terminal.stderr)
  const endWatch =
    configFile === undefined
      ? undefined
      : watchConfig(configFile, read.value, { services, log, flags, terminal })
  terminal.stdout.write(toGreeting(server, request, accountId))
  await signalled
  endWatch?.()
  log.info({}, 'stopping: calls and webhooks in flight have 5 s to end')
  await server.close()
  return 0
}

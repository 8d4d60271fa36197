import { readFile } from 'node:fs/promises'
import path from 'node:path'
import {
  type MockServerOptions,
  type MockWithServices,
  startWithServices,
} from '../../app/start-mock-server.ts'
import type { Logger } from '../../logger.ts'
import { DataError } from '../../persistence/data-error.ts'
import type { Services } from '../../services.ts'
import { CaError } from '../../tls/ca-error.ts'
import { createLog } from '../log.ts'
import { toFlag } from '../options.ts'
import { codeOf, explainReadError } from '../read-json.ts'
import { CommandError, type Terminal } from '../terminal.ts'
import type { StartRequest } from './read-options.ts'

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

/** A mock that runs. */
interface OpenMock extends MockWithServices {
  readonly log: Logger
  /** The account that the scenario is of, if there is one. */
  readonly accountId: string | undefined
}

/** Starts the mock as the options of the command say. Throws a `CommandError` that says what to do. */
export async function openMock(request: StartRequest, terminal: Terminal): Promise<OpenMock> {
  const { json: _json, quiet: _quiet, watch: _watch, logLevel, ...given } = request
  const { tlsCert: _cert, tlsKey: _key, caName: _names, scenario: _scenario, ...options } = given
  const tls = await readTls(request, terminal)
  if (options.passThrough && !tls)
    throw new CommandError('--pass-through goes with --tls: programs ask a proxy by CONNECT')
  const log = createLog(logLevel, terminal.stderr)
  terminal.onWarning?.(warning => log.warn({ err: warning }, 'a warning of Node'))
  let accountId: string | undefined
  const { scenario } = request
  const load = async (services: Services): Promise<void> => {
    if (scenario === undefined) return
    const { openScenario } = await import('./open-scenario.ts')
    accountId = await openScenario(scenario, services, log)
  }
  try {
    const mock = await startWithServices({ ...options, tls, log }, load)
    return { ...mock, log, accountId }
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(explainStartFailure(error, request))
  }
}

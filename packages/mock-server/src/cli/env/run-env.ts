import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { connect } from 'node:tls'
import { withoutBrackets } from '../../http/host-name.ts'
import { silentLogger } from '../../logger.ts'
import { toConnectorVariables } from '../../run/environment.ts'
import { CaError } from '../../tls/ca-error.ts'
import { openStoredCa } from '../../tls/ca-store.ts'
import { type Flags, readFlags } from '../options.ts'
import { codeOf, explainReadError } from '../read-json.ts'
import { CommandError, quoteForShell, type Terminal } from '../terminal.ts'
import { envOptions, type formatNames } from './options.ts'

/** How variables are written for a reader. */
const formats = {
  sh: (name: string, value: string): string => `export ${name}=${quoteForShell(value)}`,
  powershell: (name: string, value: string): string =>
    `$env:${name} = '${value.replaceAll("'", "''")}'`,
  lines: (name: string, value: string): string => `${name}=${value}`,
} as const

interface EnvRequest {
  readonly url: string
  readonly data?: string
  readonly tlsCert?: string
  readonly format: (typeof formatNames)[number]
}

function readRequest(flags: Flags): EnvRequest {
  const { values, problems } = readFlags(envOptions, flags)
  if (problems.length > 0) throw new CommandError(problems.join('\n'))
  return { url: envOptions.url.default, format: 'sh', ...values }
}

/** The certificate that the mock is expected to be trusted by. */
async function readCa({ data, tlsCert }: EnvRequest, folder: string): Promise<string> {
  if (tlsCert === undefined) {
    const of = { data: data === undefined ? undefined : path.resolve(folder, data) }
    return (await openStoredCa(of, silentLogger)).certificate
  }
  try {
    return await readFile(path.resolve(folder, tlsCert), 'utf8')
  } catch (error) {
    throw new CommandError(`--tls-cert: cannot read ${tlsCert}: ${explainReadError(error)}`)
  }
}

/** Time in ms in which the mock has to shake hands. */
const handshakeMs = 5000

/** Shakes hands with the mock, since variables that lead nowhere would fail later, and elsewhere. */
async function checkMock(url: string, ca: string): Promise<void> {
  const { hostname, port } = new URL(url)
  const host = withoutBrackets(hostname)
  const socket = connect({ host, port: Number(port || 80), ca, ALPNProtocols: ['http/1.1'] })
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(handshakeMs) })
  } catch (error) {
    throw new CommandError(explainHandshake(url, error))
  } finally {
    socket.on('error', () => {}).destroy()
  }
}

function explainHandshake(url: string, error: unknown): string {
  const code = codeOf(error) ?? String(error)
  if (code === 'ECONNREFUSED')
    return `Nothing listens at ${url}: start the mock with "sendbox start --tls --pass-through", or name it: --url`
  if (/^(?:UNABLE|SELF_SIGNED|DEPTH_ZERO|CERT|ERR_TLS)/.test(code))
    return `The certificate of ${url} is of another CA (${code}): name the data folder of the mock (--data), or its certificate (--tls-cert)`
  return `${url} does not speak TLS (${code}): start the mock with "sendbox start --tls --pass-through"`
}

/** Prints the variables that lead a program to a running mock. */
export async function runEnv(
  flags: Flags,
  { env, folder, stdout, stderr }: Terminal,
): Promise<void> {
  const request = readRequest(flags)
  const { url, format } = request
  const ca = await readCa(request, folder).catch((error: unknown) => {
    throw error instanceof CaError ? new CommandError(error.message) : error
  })
  await checkMock(url, ca)
  const { variables, warnings } = await toConnectorVariables({ url, ca }, env)
  for (const warning of warnings) stderr.write(`${warning}\n`)
  if (format === 'json') return void stdout.write(`${JSON.stringify(variables, null, 2)}\n`)
  const toLine = formats[format]
  for (const [name, value] of Object.entries(variables)) stdout.write(`${toLine(name, value)}\n`)
}

import { connectMockServer } from '../../control-client/connect-mock-server.ts'
import { dashboardPath } from '../../dashboard-path.ts'
import { type Flags, readFlags, readVariables } from '../options.ts'
import { CommandError, type Terminal } from '../terminal.ts'
import { openOptions } from './options.ts'

interface OpenRequest {
  readonly url: string
  readonly controlToken?: string
}

function readRequest(flags: Flags, { env }: Terminal): OpenRequest {
  const given = readFlags(openOptions, flags)
  const variables = readVariables(openOptions, env)
  const problems = [...given.problems, ...variables.problems]
  if (problems.length > 0) throw new CommandError(problems.join('\n'))
  return { url: openOptions.url.default, ...variables.values, ...given.values }
}

/** Rejects where no mock answers, or where it refuses the control token. */
async function requireMock({ url, ...where }: OpenRequest): Promise<void> {
  await using server = connectMockServer(url, where)
  try {
    await server.call('getHealth')
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : String(error))
  }
}

/** Opens the dashboard in the browser of the system; the printed URL is without the control token. */
export async function runOpen(flags: Flags, terminal: Terminal): Promise<void> {
  const { stdout, stderr } = terminal
  const request = readRequest(flags, terminal)
  await requireMock(request)
  const page = new URL(dashboardPath, request.url).href
  const { controlToken } = request
  const fragment = controlToken === undefined ? '' : `#token=${encodeURIComponent(controlToken)}`
  stdout.write(`${page}\n`)
  const { default: open } = await import('open')
  try {
    await open(page + fragment)
  } catch {
    throw new CommandError('No browser can be started here: open the URL above by hand')
  }
  stderr.write('Opened in the browser of this machine. If none appears, open the URL by hand.\n')
}

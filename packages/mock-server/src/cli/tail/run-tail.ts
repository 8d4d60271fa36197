import { connectMockServer } from '../../control-client/connect-mock-server.ts'
import { type Flags, readFlags, readVariables } from '../options.ts'
import { CommandError, type Terminal } from '../terminal.ts'
import { toEventLine } from './event-line.ts'
import { tailOptions } from './options.ts'

interface TailRequest {
  readonly url: string
  readonly account?: string
  readonly conversation?: string
  readonly consumer?: string
  readonly problems?: boolean
  readonly controlToken?: string
  readonly json?: boolean
}

function readRequest(flags: Flags, { env }: Terminal): TailRequest {
  const given = readFlags(tailOptions, flags)
  const { url, account, controlToken } = tailOptions
  const variables = readVariables({ url, account, controlToken }, env)
  const problems = [...given.problems, ...variables.problems]
  if (problems.length > 0) throw new CommandError(problems.join('\n'))
  return { url: url.default, ...variables.values, ...given.values }
}

/** Prints the events of a mock until a signal, or until the mock closes. */
export async function runTail(flags: Flags, terminal: Terminal): Promise<void> {
  const { account, conversation, consumer, problems, json, ...where } = readRequest(flags, terminal)
  const { stdout, stderr } = terminal
  await using server = connectMockServer(where.url, where)
  const signalled = terminal.waitForSignal().then(() => server.close())
  const events = server.events({
    ...(account !== undefined && { accountId: account }),
    ...(conversation !== undefined && { conversationId: conversation }),
    ...(consumer !== undefined && { consumer }),
    ...(problems && { problems: 'true' }),
  })
  const print = async (): Promise<void> => {
    await events.opened
    if (!json) stderr.write(`Events of ${server.url}; Ctrl-C ends this.\n`)
    for await (const event of events)
      stdout.write(json ? `${JSON.stringify(event)}\n` : toEventLine(event, stdout))
  }
  try {
    await Promise.race([print(), signalled])
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : String(error))
  }
}

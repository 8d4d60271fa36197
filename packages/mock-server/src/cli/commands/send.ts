import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { redactText } from '../../redact-secrets.ts'
import { explainReadError } from '../config-file.ts'
import { explainJsonError } from '../explain-json-error.ts'
import { type Flags, readFlags, readVariables, toFlag } from '../options.ts'
import { connectionOptions, messageOptions } from '../send/options.ts'
import { type ServiceAnswer, ServiceCaller } from '../send/service-caller.ts'
import {
  type Connection,
  logIn,
  type Message,
  planRequest,
  type RequestPlan,
} from '../send/session.ts'
import { toAnswerLine, toReadableAnswer } from '../show-response.ts'
import type { Terminal, TerminalOutput } from '../terminal.ts'
import { CommandError, quoteForShell } from '../terminal.ts'

type MessageFlags = Message & { readonly json?: boolean; readonly verbose?: boolean }

interface SendPlan {
  readonly connection: Connection
  readonly message: MessageFlags
  readonly plan: RequestPlan
}

/** The last answer, and the conversation that it is about. */
interface Sent {
  readonly answer: ServiceAnswer
  readonly conversationId?: string | undefined
  readonly isNew?: boolean
}

async function readBodyText(body: string, { folder, stdin }: Terminal): Promise<string> {
  if (body === '-') return readText(stdin as NodeJS.ReadStream)
  if (!body.startsWith('@')) return body
  const file = path.resolve(folder, body.slice(1))
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new CommandError(`--body: cannot read ${file}: ${explainReadError(error)}`)
  }
}

async function readBody(body: string, terminal: Terminal): Promise<unknown> {
  const json = await readBodyText(body, terminal)
  try {
    return JSON.parse(json)
  } catch (error) {
    throw new CommandError(`--body: expected JSON: ${explainJsonError(json, error)}`)
  }
}

const toDefaults = (): Connection => {
  const { url, account, clientId, clientSecret } = connectionOptions
  return {
    url: url.default,
    account: account.default,
    clientId: clientId.default,
    clientSecret: clientSecret.default,
    consumer: `consumer-${randomUUID().slice(0, 8)}`,
  }
}

async function readPlan(
  text: string | undefined,
  flags: Flags,
  terminal: Terminal,
): Promise<SendPlan> {
  const given = readFlags({ ...connectionOptions, ...messageOptions }, flags)
  const variables = readVariables(connectionOptions, terminal.env)
  const problems = [...given.problems, ...variables.problems]
  if (problems.length > 0) throw new CommandError(problems.join('\n'))
  const told = { ...variables.values, ...given.values }
  const body = typeof told['body'] === 'string' ? await readBody(told['body'], terminal) : undefined
  const message: MessageFlags = { ...told, text, body }
  const planned = planRequest(message)
  if (!planned.ok) throw new CommandError(planned.message, 2)
  return { connection: { ...toDefaults(), ...told }, message, plan: planned.plan }
}

async function send({ connection, message, plan }: SendPlan, caller: ServiceCaller): Promise<Sent> {
  const session = await logIn(connection, caller)
  if (!session.ok) return session
  const { conversation: conversationId } = message
  if (conversationId !== undefined || !plan.needsConversation) {
    const answer = await session.value.send(plan.toRequest(conversationId ?? ''))
    return { answer, conversationId }
  }
  const opened = await session.value.openConversation()
  if (!opened.ok) return opened
  const answer = await session.value.send(plan.toRequest(opened.value))
  return { answer, conversationId: opened.value, isNew: true }
}

const failures: Partial<Record<ServiceAnswer['operationId'], string>> = {
  baseUris: 'The Domain API did not say where the services are',
  appToken: 'The app got no AppJWT for its client id and secret',
  consumer: 'The consumer got no ConsumerJWS',
  conversation: 'No conversation was opened; --conversation names one that is open',
}

/** A flag and its value as they are typed, without a password in a URL. */
const toTyped = (name: string, value: unknown): string =>
  ` ${toFlag(name)} ${quoteForShell(redactText(String(value)))}`

/** The flags that say where to send, to be given again. */
const toGivenFlags = (flags: Flags): string =>
  (['url', 'account', 'clientId'] as const)
    .filter(name => flags[name] !== undefined)
    .map(name => toTyped(name, flags[name]))
    .join('')

function toReadable(
  { answer, conversationId, isNew }: Sent,
  { consumer }: Connection,
  { flags, output }: { readonly flags: Flags; readonly output: TerminalOutput },
): string {
  const failure = failures[answer.operationId]
  const before = failure ? `${failure} (${answer.operationId}).\n\n` : ''
  const whose = toTyped('consumer', consumer) + toTyped('conversation', conversationId)
  const goOn = `sendbox send${toGivenFlags(flags)}${whose} "…"`
  const after = isNew ? `\nGo on in this conversation:\n  ${goOn}\n` : ''
  return before + toReadableAnswer(answer, output) + after
}

/** Logs in, opens a conversation where none is given, sends, and shows the answer; answers the exit code. */
export async function runSend(
  text: string | undefined,
  flags: Flags,
  terminal: Terminal,
): Promise<number> {
  const { stdout, stderr } = terminal
  const planned = await readPlan(text, flags, terminal)
  const { connection, message } = planned
  const trace = (line: string) => void (message.verbose && stderr.write(`${line}\n`))
  await using caller = new ServiceCaller(connection.account, trace)
  const sent = await send(planned, caller)
  const { answer, conversationId } = sent
  const { consumer } = connection
  stdout.write(
    message.json
      ? toAnswerLine(answer, { consumer, conversationId })
      : toReadable(sent, connection, { flags, output: stdout }),
  )
  return answer.operationId === 'send' && answer.status < 300 ? 0 : 1
}

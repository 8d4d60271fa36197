import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { redactText } from '../../redact/secrets.ts'
import { pastedCommand } from '../command.ts'
import { type Flags, toFlag } from '../options.ts'
import { explainReadError, parseJson } from '../read-json.ts'
import {
  CommandError,
  escapeLines,
  quoteForShell,
  type Terminal,
  type TerminalOutput,
} from '../terminal.ts'
import { readConnection } from './connection.ts'
import { messageOptions } from './options.ts'
import { type Message, planRequest, type RequestPlan } from './plan-request.ts'
import { toResponseText } from './response-text.ts'
import { type OperationResponse, ServiceCaller } from './service-caller.ts'
import { type Connection, logIn } from './session.ts'

type MessageFlags = Message & { readonly json?: boolean; readonly verbose?: boolean }

interface SendPlan {
  readonly connection: Connection
  readonly message: MessageFlags
  readonly plan: RequestPlan
}

/** The last response, and its conversation. */
interface Sent {
  readonly response: OperationResponse
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
  const json = parseJson(await readBodyText(body, terminal))
  if (!json.ok) throw new CommandError(`--body: expected JSON: ${json.refusal}`)
  return json.value
}

async function readPlan(
  text: string | undefined,
  flags: Flags,
  terminal: Terminal,
): Promise<SendPlan> {
  const { connection, values } = readConnection(messageOptions, flags, terminal)
  const { body: bodyFlag } = values as { readonly body?: string }
  const body = bodyFlag === undefined ? undefined : await readBody(bodyFlag, terminal)
  const message: MessageFlags = { ...values, text, body }
  return { connection, message, plan: planRequest(message) }
}

async function send({ connection, message, plan }: SendPlan, caller: ServiceCaller): Promise<Sent> {
  const session = await logIn(connection, caller)
  if (!session.ok) return { response: session.refusal }
  const { conversation: conversationId } = message
  if (conversationId !== undefined || !plan.needsConversation) {
    const response = await session.value.send(plan.toRequest(conversationId ?? ''))
    return { response, conversationId }
  }
  const opened = await session.value.openConversation()
  if (!opened.ok) return { response: opened.refusal }
  const response = await session.value.send(plan.toRequest(opened.value))
  return { response, conversationId: opened.value, isNew: true }
}

/** A flag and its value as they are typed, without a password in a URL. */
const toTyped = (name: string, value: unknown): string =>
  ` ${toFlag(name)} ${quoteForShell(redactText(String(value)))}`

/** The flags that say where to send, to be repeated in the next command. */
const toGivenFlags = (flags: Flags): string =>
  (['url', 'account', 'clientId'] as const)
    .filter(name => flags[name] !== undefined)
    .map(name => toTyped(name, flags[name]))
    .join('')

function toReadable(
  { response, conversationId, isNew }: Sent,
  { consumer }: Connection,
  { flags, output }: { readonly flags: Flags; readonly output: TerminalOutput },
): string {
  const ids = toTyped('consumer', consumer) + toTyped('conversation', conversationId)
  const next = `${pastedCommand} send${toGivenFlags(flags)}${ids} "…"`
  const after = isNew ? `\nGo on in this conversation:\n  ${next}\n` : ''
  return toResponseText(response, output) + after
}

const toJsonLine = ({ response, conversationId }: Sent, { consumer }: Connection): string => {
  const { operationId: operation, status, body, rules, evidence } = response
  const line = { operation, consumer, conversationId, status, body, rules, evidence }
  return `${JSON.stringify(line)}\n`
}

/** Logs in, opens a conversation if none is given, sends, and prints the response; resolves to the exit code. */
export async function runSend(
  text: string | undefined,
  flags: Flags,
  terminal: Terminal,
): Promise<number> {
  const { stdout, stderr } = terminal
  const planned = await readPlan(text, flags, terminal)
  const { connection, message } = planned
  const trace = (line: string) => void (message.verbose && stderr.write(`${escapeLines(line)}\n`))
  await using caller = new ServiceCaller(connection.account, trace)
  const sent = await send(planned, caller)
  stdout.write(
    message.json
      ? toJsonLine(sent, connection)
      : toReadable(sent, connection, { flags, output: stdout }),
  )
  const { operationId, status } = sent.response
  return operationId === 'send' && status < 300 ? 0 : 1
}

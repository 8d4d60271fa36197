import type { Flags } from '../options.ts'
import { quoteForShell, type Terminal } from '../terminal.ts'
import { readConnection } from './connection.ts'
import { curlOptions, tokenOptions } from './options.ts'
import { type Message, planRequest } from './plan-request.ts'
import { toResponseText } from './response-text.ts'
import { type HttpRequest, type OperationResponse, ServiceCaller } from './service-caller.ts'
import { logIn } from './session.ts'

const ignore = (): void => {}

/** Says why a command prints nothing: not on standard output, which a shell may evaluate. Returns the exit code. */
function refuse(response: OperationResponse, { stderr }: Terminal): number {
  stderr.write(toResponseText(response, stderr))
  return 1
}

/** Fetches both tokens of a consumer, and prints them; resolves to the exit code. */
export async function printTokens(flags: Flags, terminal: Terminal): Promise<number> {
  const { connection, values } = readConnection(tokenOptions, flags, terminal)
  await using caller = new ServiceCaller(connection.account, ignore)
  const session = await logIn(connection, caller)
  if (!session.ok) return refuse(session.refusal, terminal)
  const { appJwt, consumerJws } = session.value
  const { consumer } = connection
  terminal.stdout.write(
    values['json']
      ? `${JSON.stringify({ consumer, appJwt, consumerJws })}\n`
      : `export APP_JWT=${quoteForShell(appJwt)}\nexport CONSUMER_JWS=${quoteForShell(consumerJws)}\n`,
  )
  return 0
}

const toCurlLine = ({ url, headers, content = '' }: HttpRequest): string =>
  [
    `curl ${quoteForShell(url.href)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoteForShell(`${name}: ${value}`)}`),
    `-d ${quoteForShell(content)}`,
  ].join(' ')

/** Opens a conversation if none is given, and prints a curl line that sends a text to it; resolves to the exit code. */
export async function printCurl(text: string, flags: Flags, terminal: Terminal): Promise<number> {
  const { connection, values } = readConnection(curlOptions, flags, terminal)
  const message: Message = { ...values, text }
  const { conversation } = message
  const plan = planRequest(message)
  await using caller = new ServiceCaller(connection.account, ignore)
  const session = await logIn(connection, caller)
  if (!session.ok) return refuse(session.refusal, terminal)
  const opened =
    conversation === undefined
      ? await session.value.openConversation()
      : ({ ok: true, value: conversation } as const)
  if (!opened.ok) return refuse(opened.refusal, terminal)
  const request = session.value.toHttpRequest(plan.toRequest(opened.value))
  terminal.stdout.write(`${toCurlLine(request)}\n`)
  return 0
}

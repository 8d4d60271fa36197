import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { type ClientOptions, createClient } from '@sendbox/client'
import * as z from 'zod'
import { type Sms, SmsConnector, type SmsConnectorOptions } from './sms-connector.ts'

export interface StartOptions
  extends Pick<SmsConnectorOptions, 'onError' | 'reorderWithinMs' | 'webhookDeadline'> {
  /** The account, its app install, and where the Domain API is. */
  readonly sendApi: ClientOptions
  /** Where the gateway takes an SMS as `{id, to, text}`. */
  readonly gatewayUrl: string
  /** How long the first repeat of an SMS waits; each further one waits twice as long. @default 1000 */
  readonly gatewayRetryMs?: number
  /** @default 0, a free one */
  readonly port?: number
}

const gatewayAttempts = 5

/** What the gateway posts. */
const InboundSmsSchema = z
  .object({ from: z.string().min(1), text: z.string().min(1), id: z.string().min(1) })
  .transform(({ from, ...sms }): Sms => ({ ...sms, phone: from }))
const SmsReportSchema = z.object({
  id: z.string().min(1),
  status: z.enum(['delivered', 'read', 'failed']),
})

/** Posts an SMS, again where that fails: by its id, the gateway knows that it is the same one. */
async function postSms(
  { id, phone, text }: Sms,
  { gatewayUrl, gatewayRetryMs = 1000 }: StartOptions,
): Promise<boolean> {
  for (let attempt = 0; attempt < gatewayAttempts; attempt += 1) {
    if (attempt > 0) await setTimeout(gatewayRetryMs * 2 ** (attempt - 1))
    const response = await fetch(gatewayUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ id, to: phone, text }),
      signal: AbortSignal.timeout(10_000),
    }).catch(() => undefined)
    await response?.body?.cancel()
    if (response?.ok) return true
  }
  return false
}

/** Starts the connector: the gateway posts to `/sms` and `/sms/reports`, LivePerson to `/webhooks`. */
export async function startSmsConnector(options: StartOptions) {
  const { sendApi, onError, port = 0 } = options
  const client = createClient(sendApi)
  const sendSms = (sms: Sms) => postSms(sms, options)
  const { clientSecret } = sendApi
  const connector = new SmsConnector({ ...options, client, clientSecret, sendSms })

  /** Gives the HTTP status of the answer; on 503 the gateway posts the same again. */
  const takeFromGateway = async (request: IncomingMessage): Promise<number> => {
    // The gateway's own signature is checked here.
    const body = await json(request).catch(() => undefined)
    const sms = request.url === '/sms' ? InboundSmsSchema.safeParse(body) : undefined
    const report = request.url === '/sms/reports' ? SmsReportSchema.safeParse(body) : undefined
    if (!sms && !report) return 404
    try {
      if (sms?.data) await connector.receive(sms.data)
      else if (report?.data) await connector.report(report.data)
      else return 400
      return 204
    } catch (error) {
      onError(error)
      return 503
    }
  }

  const server = createServer((request, response) => {
    if (request.url === '/webhooks') void connector.webhooks.handle(request, response)
    else void takeFromGateway(request).then(status => response.writeHead(status).end())
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Resolves once no webhook waits any more. */
    idle: () => connector.webhooks.idle(),
    async close(): Promise<void> {
      const closed = once(server, 'close')
      server.close()
      await connector.webhooks.close()
      await client.close()
      await closed
    },
  }
}

import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { type ClientOptions, createClient } from '@sendbox/client'
import * as z from 'zod'
import { createSmsConnector, type SmsConnectorOptions } from './sms-connector.ts'

export interface StartOptions
  extends Pick<SmsConnectorOptions, 'onError' | 'reorderWithinMs' | 'webhookDeadline'> {
  /** The account, its app install, and the URL of the Domain API. */
  readonly sendApi: ClientOptions
  /** URL that accepts an SMS as `{id, to, text}`. */
  readonly gatewayUrl: string
  /** Delay before the first retry of an SMS in ms; doubles with each. @default 1000 */
  readonly gatewayRetryMs?: number
  /** @default 0, a free port */
  readonly port?: number
}

/** Requests of the gateway. */
const TextSchema = z.string().min(1)
const SmsSchema = z.object({ id: TextSchema, from: TextSchema, text: TextSchema })
const ReportSchema = z.object({ id: TextSchema, status: z.enum(['delivered', 'read', 'failed']) })

const gatewayAttempts = 5

/** Starts the connector: the gateway posts to `/sms` and `/sms/reports`, LivePerson to `/webhooks`. */
export async function startSmsConnector(options: StartOptions) {
  const { sendApi, gatewayUrl, gatewayRetryMs = 1000, onError, port = 0 } = options

  /** Posts an SMS with retries; its id is the idempotency key. */
  const sendSms: SmsConnectorOptions['sendSms'] = async sms => {
    for (let attempt = 0; attempt < gatewayAttempts; attempt += 1) {
      if (attempt > 0) await setTimeout(gatewayRetryMs * 2 ** (attempt - 1))
      const response = await fetch(gatewayUrl, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(sms),
        signal: AbortSignal.timeout(10_000),
      }).catch(() => undefined)
      await response?.body?.cancel()
      if (response?.ok) return true
    }
    return false
  }

  const client = createClient(sendApi)
  const { clientSecret } = sendApi
  const { receive, report, webhooks } = createSmsConnector({
    ...options,
    client,
    clientSecret,
    sendSms,
  })

  /** Resolves with the HTTP status for the gateway, which posts the same again after 503. */
  const handle = async (request: IncomingMessage): Promise<number> => {
    try {
      // Verify the gateway's own signature here.
      const body = await json(request)
      if (request.url === '/sms') await receive(SmsSchema.parse(body))
      else if (request.url === '/sms/reports') await report(ReportSchema.parse(body))
      else return 404
      return 204
    } catch (error) {
      if (error instanceof z.ZodError || error instanceof SyntaxError) return 400
      onError(error)
      return 503
    }
  }

  const server = createServer((request, response) => {
    if (request.url === '/webhooks') void webhooks.handle(request, response)
    else void handle(request).then(status => response.writeHead(status).end())
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Resolves when no webhook waits. */
    idle: webhooks.idle,
    async close(): Promise<void> {
      const closed = once(server, 'close')
      server.close()
      await webhooks.close()
      await client.close()
      await closed
    },
  }
}

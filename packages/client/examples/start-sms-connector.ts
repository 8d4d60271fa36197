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
  /** The account, its app install, and where the Domain API is. */
  readonly sendApi: ClientOptions
  /** Where the gateway takes an SMS as `{id, to, text}`. */
  readonly gatewayUrl: string
  /** How long the first repeat of an SMS waits, in ms; each further one waits twice as long. @default 1000 */
  readonly gatewayRetryMs?: number
  /** @default 0, a free one */
  readonly port?: number
}

/** What the gateway posts. */
const WordSchema = z.string().min(1)
const SmsSchema = z.object({ id: WordSchema, from: WordSchema, text: WordSchema })
const ReportSchema = z.object({ id: WordSchema, status: z.enum(['delivered', 'read', 'failed']) })

const gatewayAttempts = 5

/** Starts the connector: the gateway posts to `/sms` and `/sms/reports`, LivePerson to `/webhooks`. */
export async function startSmsConnector(options: StartOptions) {
  const { sendApi, gatewayUrl, gatewayRetryMs = 1000, onError, port = 0 } = options

  /** Posts an SMS, again where that fails: by its id, the gateway knows that it is the same one. */
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

  /** Gives the HTTP status of the answer to the gateway; after 503 it posts the same again. */
  const take = async (request: IncomingMessage): Promise<number> => {
    try {
      // The gateway's own signature is checked here.
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
    else void take(request).then(status => response.writeHead(status).end())
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Resolves once no webhook waits any more. */
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

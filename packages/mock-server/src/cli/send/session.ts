import type { Result, ServiceName } from '@sendbox/schema'
import { z } from 'zod'
import { redactSecrets } from '../../redact/secrets.ts'
import type {
  HttpRequest,
  OperationResponse,
  ServiceCall,
  ServiceCaller,
} from './service-caller.ts'

/** The service to call, the app and the consumer. */
export interface Connection {
  /** Base URL of the Domain API. */
  readonly url: string
  readonly account: string
  readonly clientId: string
  readonly clientSecret: string
  readonly consumer: string
}

/** A value, or the response that has none. */
type StepResult<Value> = Result<Value, OperationResponse>

/** The session of a consumer. */
export interface SendSession {
  readonly appJwt: string
  readonly consumerJws: string
  /** Opens a conversation and resolves to its id. Rules: CON-2, RES-4. */
  openConversation(): Promise<StepResult<string>>
  send(request: unknown): Promise<OperationResponse>
  /** The HTTP request of {@link send}, unsent. */
  toHttpRequest(request: unknown): HttpRequest
}

/** Only the fields of responses that are needed: the service may add or drop others. Rules: EP-6.1, EP-9, EP-13. */
const DomainsSchema = z.looseObject({
  baseURIs: z.array(z.looseObject({ service: z.string(), baseURI: z.string() })),
})
const AppTokenSchema = z.looseObject({ access_token: z.string() })
const ConsumerTokenSchema = z.looseObject({ token: z.string() })

/** The response to a batch, of which the conversation id is read. Rule: RES-4. */
const OpenedSchema = z
  .array(z.looseObject({ body: z.looseObject({ conversationId: z.string().optional() }) }))
  .transform(items => items.find(({ body }) => body.conversationId)?.body.conversationId)
  .pipe(z.string())

const readResponse = <Value>(
  response: OperationResponse,
  schema: z.ZodType<Value>,
): StepResult<Value> => {
  const parsed = schema.safeParse(response.body)
  return response.status < 300 && parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, refusal: { ...response, body: redactSecrets(response.body) } }
}

/** Looks up the services, then fetches both tokens. Rules: EP-6.1, EP-9, EP-13, AUTH-1.1, AUTH-2. */
export async function logIn(
  { url, account, clientId, clientSecret, consumer }: Connection,
  caller: ServiceCaller,
): Promise<StepResult<SendSession>> {
  const domains = readResponse(await caller.call('baseUris', url), DomainsSchema)
  if (!domains.ok) return domains
  const { protocol } = new URL(url)
  const baseOf = (name: ServiceName): string => {
    const domain = domains.value.baseURIs.find(({ service }) => service === name)
    return domain ? `${protocol}//${domain.baseURI}` : url
  }
  const form = { client_id: clientId, client_secret: clientSecret }
  const app = readResponse(
    await caller.call('appToken', baseOf('sentinel'), { form }),
    AppTokenSchema,
  )
  if (!app.ok) return app
  const asApp = { Authorization: app.value.access_token }
  const call: ServiceCall = { headers: asApp, json: { ext_consumer_id: consumer } }
  const token = readResponse(
    await caller.call('consumer', baseOf('idp'), call),
    ConsumerTokenSchema,
  )
  if (!token.ok) return token
  const headers = { ...asApp, 'X-LP-ON-BEHALF': token.value.token }
  const messaging = baseOf('asyncMessagingEnt')
  const openBatch = [
    { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: {} },
    { kind: 'req', id: '2', type: 'cm.ConsumerRequestConversation', body: { brandId: account } },
  ]
  return {
    ok: true,
    value: {
      appJwt: app.value.access_token,
      consumerJws: token.value.token,
      openConversation: async () => {
        const response = await caller.call('conversation', messaging, { headers, json: openBatch })
        return readResponse(response, OpenedSchema)
      },
      send: json => caller.call('send', messaging, { headers, json }),
      toHttpRequest: json => caller.toRequest('send', messaging, { headers, json }),
    },
  }
}

import type { ServiceName } from '@sendbox/schema'
import { z } from 'zod'
import { redactSecrets } from '../redact-secrets.ts'
import type { ServiceAnswer, ServiceCall, ServiceCaller } from './service-caller.ts'

/** Whom to call, and as whom. */
export interface Connection {
  /** Base URL of the Domain API. */
  readonly url: string
  readonly account: string
  readonly clientId: string
  readonly clientSecret: string
  readonly consumer: string
}

/** A step that went well, or the answer that ended it. */
export type StepResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly answer: ServiceAnswer }

/** A consumer who is logged in. */
export interface SendSession {
  /** Opens a conversation and answers its id. Rules: CON-2, RES-4. */
  openConversation(): Promise<StepResult<string>>
  send(request: unknown): Promise<ServiceAnswer>
}

/** Answers as far as they are needed, so that a field more or less does no harm. Rules: EP-6.1, EP-9, EP-13. */
const PlacesSchema = z.looseObject({
  baseURIs: z.array(z.looseObject({ service: z.string(), baseURI: z.string() })),
})
const AppTokenSchema = z.looseObject({ access_token: z.string() })
const ConsumerTokenSchema = z.looseObject({ token: z.string() })

/** The answer to a batch, as far as it names the new conversation. Rule: RES-4. */
const OpenedSchema = z
  .array(z.looseObject({ body: z.looseObject({ conversationId: z.string().optional() }) }))
  .transform(items => items.find(({ body }) => body.conversationId)?.body.conversationId)
  .pipe(z.string())

const readAnswer = <Value>(answer: ServiceAnswer, schema: z.ZodType<Value>): StepResult<Value> => {
  const parsed = schema.safeParse(answer.body)
  return answer.status < 300 && parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, answer: { ...answer, body: redactSecrets(answer.body) } }
}

/** Finds the services, then fetches both tokens. Rules: EP-6.1, EP-9, EP-13, AUTH-1.1, AUTH-2. */
export async function logIn(
  { url, account, clientId, clientSecret, consumer }: Connection,
  caller: ServiceCaller,
): Promise<StepResult<SendSession>> {
  const places = readAnswer(await caller.call('baseUris', url), PlacesSchema)
  if (!places.ok) return places
  const { protocol } = new URL(url)
  const baseOf = (name: ServiceName): string => {
    const place = places.value.baseURIs.find(({ service }) => service === name)
    return place ? `${protocol}//${place.baseURI}` : url
  }
  const form = { client_id: clientId, client_secret: clientSecret }
  const app = readAnswer(
    await caller.call('appToken', baseOf('sentinel'), { form }),
    AppTokenSchema,
  )
  if (!app.ok) return app
  const asApp = { Authorization: app.value.access_token }
  const asked: ServiceCall = { headers: asApp, json: { ext_consumer_id: consumer } }
  const token = readAnswer(await caller.call('consumer', baseOf('idp'), asked), ConsumerTokenSchema)
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
      openConversation: async () => {
        const answer = await caller.call('conversation', messaging, { headers, json: openBatch })
        return readAnswer(answer, OpenedSchema)
      },
      send: json => caller.call('send', messaging, { headers, json }),
    },
  }
}

import type { ServiceName } from '@sendbox/schema'
import { z } from 'zod'
import { redactSecrets } from '../../redact-secrets.ts'
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

/** What a user asked to send; one of text, chat state, receipt, close and body. */
export interface Message {
  readonly text?: string | undefined
  readonly chatState?: string | undefined
  readonly accept?: string | undefined
  readonly close?: boolean | undefined
  readonly type?: string | undefined
  /** The parsed JSON of a request's body. */
  readonly body?: unknown
  readonly consumer?: string | undefined
  readonly conversation?: string | undefined
}

/** A request that is to be sent once its conversation is known. */
export interface RequestPlan {
  readonly needsConversation: boolean
  toRequest(conversationId: string): unknown
}

/** A plan, or what is wrong with the command line. */
export type RequestPlanResult =
  | { readonly ok: true; readonly plan: RequestPlan }
  | { readonly ok: false; readonly message: string }

const publish = (event: unknown): RequestPlan => planOf('ms.PublishEvent', { event })

/** The field that names the conversation in a body, by the type of the request. Rules: PUB-1.1, UPD-1. */
const conversationFields: Readonly<Record<string, string>> = {
  'ms.PublishEvent': 'dialogId',
  'cm.UpdateConversationField': 'conversationId',
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function planOf(type: string, body: unknown): RequestPlan {
  const field = conversationFields[type]
  const isMissing = field !== undefined && isObject(body) && !(field in body)
  return {
    needsConversation: isMissing,
    toRequest: conversationId => ({
      kind: 'req',
      id: '1',
      type,
      body: isMissing ? { [field]: conversationId, ...body } : body,
    }),
  }
}

function toPlan({ text, chatState, accept, close, type, body }: Message): RequestPlan | undefined {
  if (text !== undefined)
    return publish({ type: 'ContentEvent', contentType: 'text/plain', message: text })
  if (chatState !== undefined) return publish({ type: 'ChatStateEvent', chatState })
  if (accept !== undefined) {
    const sequenceList = accept.split(',').map(Number)
    return publish({ type: 'AcceptStatusEvent', status: 'ACCEPT', sequenceList })
  }
  if (close === true) {
    const conversationField = { field: 'ConversationStateField', conversationState: 'CLOSE' }
    return planOf('cm.UpdateConversationField', { conversationField })
  }
  return body === undefined ? undefined : planOf(type ?? 'ms.PublishEvent', body)
}

const fail = (message: string): RequestPlanResult => ({ ok: false, message })

/** Says what is to be sent. */
export function planRequest(message: Message): RequestPlanResult {
  const { text, chatState, accept, close, type, body, consumer, conversation } = message
  const given = [text, chatState, accept, close || undefined, body].filter(
    value => value !== undefined,
  )
  const plan = toPlan(message)
  if (type !== undefined && body === undefined) return fail('--type needs --body')
  if (plan === undefined)
    return fail('there is nothing to send: give a text, --chat-state, --accept, --close or --body')
  if (given.length > 1)
    return fail('give one of these: a text, --chat-state, --accept, --close or --body')
  if (conversation !== undefined && consumer === undefined)
    return fail('--conversation needs --consumer, whose conversation it is')
  if (conversation === undefined && (accept !== undefined || close))
    return fail('--accept and --close need --conversation and --consumer')
  return { ok: true, plan }
}

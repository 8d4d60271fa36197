import type { MockServer } from '@sendbox/mock-server'
import type { RuleId } from '@sendbox/schema'
import { signWebhook } from '@sendbox/schema/signature'
import type { Intercept, ProxyRequest, ProxyResponse } from '../../src/proxy.ts'

/** A notification between the mock and its receiver. */
export interface InterceptedNotification {
  readonly request: ProxyRequest
  readonly json: unknown
  /** Forwards it, with or without a change; changed JSON is signed again. */
  readonly forward: (change?: NotificationChange) => Promise<ProxyResponse>
  readonly clientSecret: string
}

/** A change of a notification before it is forwarded. */
interface NotificationChange {
  readonly json?: unknown
  /** Replaces the text of the body. */
  readonly text?: string
  /** `undefined` removes a header. */
  readonly headers?: Readonly<Record<string, string | undefined>>
}

/** A service whose webhooks are wrong in one way. */
export interface WebhookMutant {
  /** A sentence without its subject. */
  readonly name: string
  /** The rules that it breaks. */
  readonly rules: readonly RuleId[]
  /** Creates the handler of the notifications of one run. */
  readonly deliver: () => (notification: InterceptedNotification) => Promise<ProxyResponse>
}

/** A success, without the receiver. */
export const accepted: ProxyResponse = { status: 200, headers: {}, bytes: Buffer.alloc(0) }

/** The algorithm of a notification's signature. */
export const algorithmOf = ({ headers }: ProxyRequest): 'sha1' | 'sha256' =>
  headers['x-liveperson-signature']?.startsWith('sha256=') ? 'sha256' : 'sha1'

function apply(
  request: ProxyRequest,
  { json, text, headers = {} }: NotificationChange,
  clientSecret: string,
): ProxyRequest {
  const changed = text ?? (json === undefined ? undefined : JSON.stringify(json))
  const bytes = changed === undefined ? request.bytes : Buffer.from(changed)
  const signature = signWebhook(bytes, clientSecret, algorithmOf(request))
  const signed = changed === undefined ? {} : { 'x-liveperson-signature': signature }
  const all = Object.entries({ ...request.headers, ...signed, ...headers })
  const present = all.filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { ...request, bytes, headers: Object.fromEntries(present) }
}

/** Handles the notifications of a mock as a mutant. */
export function interceptWithWebhookMutant(
  { deliver }: WebhookMutant,
  server: MockServer,
): Intercept {
  const act = deliver()
  const { clientSecret } = server.account()
  return (request, forward) =>
    act({
      request,
      json: JSON.parse(request.bytes.toString()),
      clientSecret,
      forward: (change = {}) => forward(apply(request, change, clientSecret)),
    })
}

import type { MockServer } from '@sendbox/mock-server'
import type { RuleId } from '@sendbox/schema'
import { signWebhook } from '@sendbox/schema/signature'
import type { Pass, PassingAnswer, PassingRequest } from '../../src/proxy.ts'

/** A notification on its way to its receiver. */
export interface PassingNotification {
  readonly request: PassingRequest
  readonly json: unknown
  /** Sends it on; JSON that was changed is signed anew, headers stay as they are given. */
  readonly pass: (change?: NotificationChange) => Promise<PassingAnswer>
  readonly clientSecret: string
}

/** What a mutant changes of a notification. */
interface NotificationChange {
  readonly json?: unknown
  /** The body as text, where its JSON is to be written otherwise. */
  readonly text?: string
  /** `undefined` leaves a header out. */
  readonly headers?: Readonly<Record<string, string | undefined>>
}

/** A service whose webhooks are wrong in one way. */
export interface WebhookMutant {
  /** What it does, as a sentence without its subject. */
  readonly name: string
  /** The rules that it breaks. */
  readonly rules: readonly RuleId[]
  /** Makes what stands between mock and receiver anew for each run. */
  readonly deliver: () => (notification: PassingNotification) => Promise<PassingAnswer>
}

/** An answer without a receiver. */
export const taken: PassingAnswer = { status: 200, headers: {}, bytes: Buffer.alloc(0) }

/** How the mock signed a notification. */
export const algorithmOf = ({ headers }: PassingRequest): 'sha1' | 'sha256' =>
  headers['x-liveperson-signature']?.startsWith('sha256=') ? 'sha256' : 'sha1'

function apply(
  request: PassingRequest,
  { json, text, headers = {} }: NotificationChange,
  clientSecret: string,
): PassingRequest {
  const changed = text ?? (json === undefined ? undefined : JSON.stringify(json))
  const bytes = changed === undefined ? request.bytes : Buffer.from(changed)
  const signature = signWebhook(bytes, clientSecret, algorithmOf(request))
  const signed = changed === undefined ? {} : { 'x-liveperson-signature': signature }
  const all = Object.entries({ ...request.headers, ...signed, ...headers })
  const kept = all.filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { ...request, bytes, headers: Object.fromEntries(kept) }
}

/** Puts a mutant between mock and receiver. */
export function throughWebhookMutant(
  { deliver }: WebhookMutant,
  server: MockServer,
): (request: PassingRequest, pass: Pass) => Promise<PassingAnswer> {
  const act = deliver()
  const { clientSecret } = server.account()
  return (request, pass) =>
    act({
      request,
      json: JSON.parse(request.bytes.toString()),
      clientSecret,
      pass: (change = {}) => pass(apply(request, change, clientSecret)),
    })
}

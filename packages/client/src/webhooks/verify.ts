import { isRecord, parseNotification, type Result } from '@sendbox/schema'
import { verifyWebhook } from '@sendbox/schema/signature'
import { hasTooManyValues, parseJson } from '../checks.ts'
import type { WebhookInstall } from './install.ts'
import type { WebhookHandlerOptions, WebhookNotification } from './options.ts'
import { createRefusal, type WebhookRefusal } from './responses.ts'
import { type Schedule, withTimeout } from './schedule.ts'

/** HTTP request of a webhook. */
export interface WebhookDelivery {
  /** @default 'POST' */
  readonly method?: string | undefined
  /** Names in any case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The raw bytes: the signature does not survive parsing and serializing. */
  readonly body: Uint8Array
}

export type VerifiedDelivery = Result<
  { readonly install: WebhookInstall; readonly notification: WebhookNotification },
  WebhookRefusal
>

export interface VerifyOptions extends Pick<WebhookHandlerOptions, 'clientSecret' | 'onError'> {
  readonly algorithms: readonly ('sha1' | 'sha256')[]
  readonly maxBodyBytes: number
  readonly handlerTimeoutMs: number
  readonly schedule: Schedule
}

/** The secret of an install; throws where the look-up does, settles too late or gives something else. Rule: WH-3. */
async function findSecret(
  install: WebhookInstall,
  { clientSecret, handlerTimeoutMs, schedule }: VerifyOptions,
): Promise<string | undefined> {
  if (typeof clientSecret === 'string') return clientSecret
  const lookUp = async () => ({ secret: (await clientSecret(install)) as unknown })
  const found = await withTimeout(lookUp(), handlerTimeoutMs, schedule)
  if (found === undefined)
    throw new Error(`clientSecret gave no secret within ${handlerTimeoutMs} ms`)
  const secret = found.secret ?? undefined
  if (secret === undefined || typeof secret === 'string') return secret
  throw new TypeError(
    `clientSecret must give a text, or undefined for an unknown install; it gave a value of type ${typeof secret}. An object as a table needs Object.hasOwn: the names in it come from the request.`,
  )
}

function headerOf({ headers }: WebhookDelivery, name: string): string | undefined {
  const field = Object.entries(headers).find(([key]) => key.toLowerCase() === name)
  return typeof field?.[1] === 'string' ? field[1] : undefined
}

/** Whether a value has the parts that every notification has. Rule: WH-4.3. */
const isNotification = (json: unknown): json is WebhookNotification =>
  isRecord(json) &&
  json['kind'] !== undefined &&
  json['type'] !== undefined &&
  isRecord(json['body']) &&
  Array.isArray(json['body']['changes'])

/** Checks size, signature and shape of a delivery, in this order. Rules: WH-2, WH-3, WH-4.3. */
export async function verifyDelivery(
  delivery: WebhookDelivery,
  options: VerifyOptions,
): Promise<VerifiedDelivery> {
  const { method = 'POST', body } = delivery
  const refuse = (...parts: Parameters<typeof createRefusal>): VerifiedDelivery => ({
    ok: false,
    refusal: createRefusal(...parts),
  })
  if (method !== 'POST') return refuse('not-post')
  if (body.byteLength > options.maxBodyBytes) return refuse('too-large')

  const accountId = headerOf(delivery, 'x-liveperson-account-id')
  const clientId = headerOf(delivery, 'x-liveperson-client-id')
  const signature = headerOf(delivery, 'x-liveperson-signature')
  if (!accountId || !clientId) return refuse('unauthorized')
  const install = { accountId, clientId }
  let secret: string | undefined
  try {
    secret = await findSecret(install, options)
  } catch (error) {
    options.onError(error, install)
    return refuse('no-secret', install)
  }
  const isAccepted = options.algorithms.some(name => signature?.startsWith(`${name}=`))
  // An unknown install and a wrong signature get the same response, which does not reveal installs.
  if (!secret || !isAccepted || !verifyWebhook(body, secret, signature)) {
    return refuse('unauthorized', install)
  }

  const text = new TextDecoder().decode(body)
  if (hasTooManyValues(text)) return refuse('too-many-values', install)
  const json = parseJson(text)
  if (json === undefined) return refuse('not-json', install)
  if (isNotification(json)) return { ok: true, value: { install, notification: json } }
  const result = parseNotification(json)
  return refuse('invalid', { ...install, problems: result.ok ? [] : result.problems })
}

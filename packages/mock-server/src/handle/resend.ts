import { request as requestHttp } from 'node:http'
import { type JournalEntry, listHeaders } from '../journal/entry.ts'
import type { CallUpdate } from '../journal/journal.ts'
import { callerHeader, type JournalRecord } from '../journal/record.ts'
import type { Services } from '../services.ts'
import { signTokenPair } from './token-pair.ts'

/** A recorded request that was sent again, or why it was not. */
export type Resent =
  | { readonly ok: true; readonly entry: JournalEntry }
  | { readonly ok: false; readonly status: 404 | 409; readonly details: string }

/** The account of a journal, `null` for the requests whose account cannot be read. */
type JournalAccount = string | null

/** Who makes the calls that are sent again. */
const resender = 'resend'

const refuse = (record: JournalRecord, reason: string): Resent => ({
  ok: false,
  status: 409,
  details: `Request ${record.id} cannot be sent again: ${reason}`,
})

/** Headers of the connection or of the coded body, those that the resent request has of its own, and those whose values are not recorded. */
const leftOut: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'authorization',
  'x-lp-on-behalf',
  'proxy-authorization',
  'x-api-key',
  'cookie',
  callerHeader,
])

const namesOf = ({ headers }: JournalRecord): ReadonlySet<string> =>
  new Set(listHeaders(headers).map(([name]) => name.toLowerCase()))

const hasDeclaredBody = ({ headers }: JournalRecord): boolean =>
  listHeaders(headers).some(
    ([name, value]) =>
      name.toLowerCase() === 'transfer-encoding' ||
      (name.toLowerCase() === 'content-length' && Number(value) > 0),
  )

/** The whole body, empty for none; `undefined` where the journal does not have all of it. */
function toBody(record: JournalRecord): Buffer | undefined {
  const { json, text, bodyBytes } = record
  if (json !== undefined) return Buffer.from(json)
  if (bodyBytes === undefined) return hasDeclaredBody(record) ? undefined : Buffer.alloc(0)
  if (bodyBytes === 0) return Buffer.alloc(0)
  const bytes = Buffer.from(text ?? '')
  // A replacement character stands for bytes that are not known any more.
  return bytes.byteLength === bodyBytes && !text?.includes('\u{fffd}') ? bytes : undefined
}

const ofAgents: readonly (string | undefined)[] = [
  'appInstalls',
  'appInstall',
  'replaceAppInstall',
  'deleteAppInstall',
]

/** New tokens for the ones that a request had, as header names and values; or why there are none. */
async function signHeaders(
  accountId: JournalAccount,
  record: JournalRecord,
  services: Services,
): Promise<readonly string[] | { readonly reason: string }> {
  const { operation, extConsumerId } = record
  const names = namesOf(record)
  const isForConsumer = names.has('x-lp-on-behalf')
  if (!isForConsumer && !names.has('authorization')) return []
  if (accountId === null) return { reason: 'it names no account to sign tokens for' }
  if (operation === 'appToken')
    return { reason: 'the credentials in its Authorization are not recorded' }
  if (isForConsumer && extConsumerId === undefined)
    return {
      reason: 'its X-LP-ON-BEHALF was refused, so that the journal does not know its consumer',
    }
  if (ofAgents.includes(operation)) {
    const now = services.clocks.now(accountId)
    const bearer = await services.tokens.signBearer(accountId, resender, now)
    return ['Authorization', `Bearer ${bearer}`]
  }
  const consumer = extConsumerId === undefined ? {} : { consumer: extConsumerId }
  const { appJwt, consumerJws } = await signTokenPair(services, accountId, consumer)
  return [
    ...(names.has('authorization') ? ['Authorization', `Bearer ${appJwt}`] : []),
    ...(isForConsumer ? ['X-LP-ON-BEHALF', consumerJws] : []),
  ]
}

/** The records that answered a resent request: of two equal ones each gets its own. */
const claimed = new WeakSet<JournalRecord>()

/** Sends a request to the mock's own port; resolves with its record, or with `undefined` where the mock ended it unrecorded. */
async function sendAgain(
  origin: string,
  { method, url }: JournalRecord,
  headers: readonly string[],
  body: Buffer,
  { updates }: Services,
  signal?: AbortSignal,
): Promise<CallUpdate | undefined> {
  let unsubscribe = () => {}
  const recorded = new Promise<CallUpdate>(resolve => {
    unsubscribe = updates.subscribe('call', update => {
      const { record } = update
      const isOwn = record.by === resender && record.method === method && record.url === url
      if (!isOwn || claimed.has(record)) return
      claimed.add(record)
      unsubscribe()
      resolve(update)
    })
  })
  const { hostname, port } = new URL(origin)
  const host = hostname.replace(/^\[|\]$/g, '')
  const request = requestHttp({
    host,
    port,
    method,
    path: url,
    headers: [...headers],
    agent: false,
  })
  const closed = new Promise<undefined>(resolve => {
    request.once('close', () => resolve(undefined))
    // A fault may end the connection: the record says so.
    request.on('error', () => {})
    request.once('response', response => response.on('error', () => {}).resume())
  })
  const abort = () => void request.destroy()
  signal?.addEventListener('abort', abort)
  try {
    request.end(body)
    const update = await Promise.race([recorded, closed])
    if (update?.record.delivery !== 'hang') await closed
    return update
  } finally {
    unsubscribe()
    signal?.removeEventListener('abort', abort)
    request.destroy()
  }
}

/**
 * Sends a recorded request to the mock once more, over its own port as every call, with new tokens for the same consumer in place of those
 * that it had; resolves with the new entry of the journal once the response has ended.
 */
export async function resendRequest(
  accountId: JournalAccount,
  id: number,
  services: Services,
  signal?: AbortSignal,
): Promise<Resent> {
  const { journals, listening } = services
  const [record] = journals.peek(accountId).select({ after: id - 1, limit: 1 })
  if (record?.id !== id) {
    const list =
      accountId === null ? '/__sendbox/requests' : `/__sendbox/accounts/${accountId}/requests`
    const details = `The journal has no request ${id}, or not any more; GET ${list} lists those it has`
    return { ok: false, status: 404, details }
  }
  if (listening.origin === undefined)
    return refuse(record, 'this mock is mounted in another server, and has no port of its own')
  if (record.method === '' || record.method === 'CONNECT')
    return refuse(record, 'it is no request of HTTP')
  const body = toBody(record)
  if (body === undefined)
    return refuse(
      record,
      'the journal does not have its whole body; only JSON and short texts are recorded',
    )
  const signed = await signHeaders(accountId, record, services)
  if ('reason' in signed) return refuse(record, signed.reason)
  const others = listHeaders(record.headers).filter(([name]) => !leftOut.has(name.toLowerCase()))
  const hasLength = body.byteLength > 0 || namesOf(record).has('content-length')
  const headers = [
    ...others.flat(),
    ...signed,
    ...(hasLength ? ['Content-Length', String(body.byteLength)] : []),
    callerHeader,
    resender,
  ]
  const update = await sendAgain(listening.origin, record, headers, body, services, signal)
  if (update === undefined)
    return refuse(
      record,
      'the call ended without a record, as the account was reset or the mock closes',
    )
  return { ok: true, entry: journals.peek(update.accountId).show(update.record) }
}

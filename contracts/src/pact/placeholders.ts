import type { FileUrl } from '@sendbox/schema'
import type { ProxyRequest } from '../proxy.ts'

/** The text of each secret in a pact file; a verification replaces it by a real one. */
export const placeholders = {
  appJwt: 'APP_JWT',
  consumerJws: 'CONSUMER_JWS',
  clientId: 'CLIENT_ID',
  clientSecret: 'CLIENT_SECRET',
  /** Has the form of a signature, because the client checks it. */
  fileSignature: '0'.repeat(40),
  /** Replaced by the token of the provider state. */
  expiredAppJwt: 'EXPIRED_APP_JWT',
  /** Sent as they are, to be refused. */
  brokenAppJwt: 'BROKEN_APP_JWT',
  brokenConsumerJws: 'BROKEN_CONSUMER_JWS',
  brokenFileSignature: 'f'.repeat(40),
} as const

/** Both tokens of a consumer. */
export interface TokenPair {
  readonly appJwt: string
  readonly consumerJws: string
}

/** The real values of the placeholders. */
export interface PlaceholderValues {
  readonly own: TokenPair
  /** Tokens that the provider states gave; a foreign token in the pact is replaced by them. */
  readonly ofState: { readonly [Name in keyof TokenPair]?: string | undefined }
  readonly clientId: string
  readonly clientSecret: string
  /** Requests a signed URL from the service. Rules: URL-1, URL-2. */
  readonly requestFileUrl: (request: FileUrlRequest) => Promise<FileUrl>
}

/** A request of SEND for a signed URL, without its envelope. */
export type FileUrlRequest =
  | {
      readonly type: 'ms.GenerateURLForUploadFile'
      readonly body: { fileSize: number; fileType: string }
    }
  | { readonly type: 'ms.GenerateURLForDownloadFile'; readonly body: { relativePath: string } }

/** Replaces every token but those that a pact sends to be refused. */
function fillToken(
  value: string | undefined,
  name: keyof TokenPair,
  { own, ofState }: PlaceholderValues,
): string | undefined {
  if (value === undefined || /^(Bearer )?(BROKEN|INVALID)/i.test(value)) return value
  if (value === placeholders[name]) return own[name]
  const token = ofState[name] ?? own[name]
  return value.startsWith('Bearer ') ? `Bearer ${token}` : token
}

function fillHeaders(
  headers: ProxyRequest['headers'],
  values: PlaceholderValues,
): ProxyRequest['headers'] {
  const authorization = fillToken(headers['authorization'], 'appJwt', values)
  const onBehalf = fillToken(headers['x-lp-on-behalf'], 'consumerJws', values)
  return {
    ...headers,
    ...(authorization && { authorization }),
    ...(onBehalf && { 'x-lp-on-behalf': onBehalf }),
  }
}

function fillForm(bytes: Buffer, { clientId, clientSecret }: PlaceholderValues): Buffer {
  const form = new URLSearchParams(bytes.toString())
  if (form.get('client_id') === placeholders.clientId) form.set('client_id', clientId)
  if (form.get('client_secret') === placeholders.clientSecret)
    form.set('client_secret', clientSecret)
  return Buffer.from(form.toString())
}

/** A signature is valid for one path only, so the signed URL of the service replaces path and query. */
async function fillPath(
  { method, path, bytes }: ProxyRequest,
  { requestFileUrl }: PlaceholderValues,
): Promise<string> {
  const [pathname = '', search] = path.split('?')
  if (new URLSearchParams(search).get('temp_url_sig') !== placeholders.fileSignature) return path
  const { relativePath, queryParams } = await requestFileUrl(
    method === 'PUT'
      ? { type: 'ms.GenerateURLForUploadFile', body: { fileSize: bytes.length, fileType: 'PNG' } }
      : { type: 'ms.GenerateURLForDownloadFile', body: { relativePath: pathname } },
  )
  return `${relativePath}?${new URLSearchParams(queryParams).toString()}`
}

/** Replaces the placeholders of a pact by real values; everything else is sent as it is in the pact. */
export async function fillPlaceholders(
  request: ProxyRequest,
  values: PlaceholderValues,
): Promise<ProxyRequest> {
  const { 'content-type': contentType = '' } = request.headers
  const isForm = contentType.startsWith('application/x-www-form-urlencoded')
  return {
    ...request,
    path: await fillPath(request, values),
    headers: fillHeaders(request.headers, values),
    bytes: isForm ? fillForm(request.bytes, values) : request.bytes,
  }
}

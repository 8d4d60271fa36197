import type { FileUrl } from '@sendbox/schema'

/** What stands in a pact where a call carries a secret; a verification puts real ones in their place. */
export const placeholders = {
  appJwt: 'APP_JWT',
  consumerJws: 'CONSUMER_JWS',
  clientId: 'CLIENT_ID',
  clientSecret: 'CLIENT_SECRET',
  /** Has the form of a signature, as the client checks that. */
  fileSignature: '0'.repeat(40),
  /** Stands where a provider state gives the token. */
  expiredAppJwt: 'EXPIRED_APP_JWT',
  /** Are sent as they are, so that they are refused. */
  brokenAppJwt: 'BROKEN_APP_JWT',
  brokenConsumerJws: 'BROKEN_CONSUMER_JWS',
  brokenFileSignature: 'f'.repeat(40),
} as const

/** What takes the places of the placeholders. */
export interface Fillings {
  readonly appJwt: string
  readonly consumerJws: string
  readonly clientId: string
  readonly clientSecret: string
  /** Asks the service where a file may be put, or fetched from. Rules: URL-1, URL-2. */
  readonly askFileUrl: (request: FileUrlRequest) => Promise<FileUrl>
}

/** A request of SEND for a signed URL, without its envelope. */
export type FileUrlRequest =
  | {
      readonly type: 'ms.GenerateURLForUploadFile'
      readonly body: { fileSize: number; fileType: string }
    }
  | { readonly type: 'ms.GenerateURLForDownloadFile'; readonly body: { relativePath: string } }

/** A call as it is about to be sent. */
export interface FillableCall {
  readonly method: string
  /** Path and query. */
  readonly path: string
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Buffer
}

const formType = 'application/x-www-form-urlencoded'

/** Pact's verifier reads a form and sends it on as JSON, under the form's content type. */
function readForm(bytes: Buffer): URLSearchParams {
  const text = bytes.toString()
  return new URLSearchParams(
    text.startsWith('{') ? (JSON.parse(text) as Record<string, string>) : text,
  )
}

function fillForm(bytes: Buffer, { clientId, clientSecret }: Fillings): Buffer {
  const form = readForm(bytes)
  if (form.get('client_id') === placeholders.clientId) form.set('client_id', clientId)
  if (form.get('client_secret') === placeholders.clientSecret)
    form.set('client_secret', clientSecret)
  return Buffer.from(form.toString())
}

/** A signature is good for the very path that it was given with, so an upload goes where the service says. */
async function fillPath(
  { method, path, bytes }: FillableCall,
  fillings: Fillings,
): Promise<string> {
  const [relativePath = '', search] = path.split('?')
  if (new URLSearchParams(search).get('temp_url_sig') !== placeholders.fileSignature) return path
  const { relativePath: place, queryParams } = await fillings.askFileUrl(
    method === 'PUT'
      ? { type: 'ms.GenerateURLForUploadFile', body: { fileSize: bytes.length, fileType: 'PNG' } }
      : { type: 'ms.GenerateURLForDownloadFile', body: { relativePath } },
  )
  return `${place}?${new URLSearchParams(queryParams).toString()}`
}

function fillHeaders(headers: FillableCall['headers'], fillings: Fillings): Record<string, string> {
  const { authorization, 'x-lp-on-behalf': onBehalf } = headers
  return {
    ...headers,
    ...(authorization === placeholders.appJwt && { authorization: fillings.appJwt }),
    ...(onBehalf === placeholders.consumerJws && { 'x-lp-on-behalf': fillings.consumerJws }),
  }
}

/** Puts real secrets where a pact has placeholders; everything else goes out as it is written. */
export async function fillPlaceholders<Call extends FillableCall>(
  call: Call,
  fillings: Fillings,
): Promise<Call> {
  const isForm = call.headers['content-type']?.startsWith(formType) ?? false
  return {
    ...call,
    path: await fillPath(call, fillings),
    headers: fillHeaders(call.headers, fillings),
    bytes: isForm ? fillForm(call.bytes, fillings) : call.bytes,
  }
}

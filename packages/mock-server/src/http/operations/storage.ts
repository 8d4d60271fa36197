import { operations, toPath } from '@sendbox/schema'
import { isSignatureOf } from '../../files/file-urls.ts'
import type { Services } from '../../services.ts'
import type { Call } from '../call.ts'
import { type Result, refuse, type ServiceResponse, toErrorResponse } from '../response.ts'

/** The signature must be for this method and path, and not past its time. Rules: EP-15, EP-16. */
function checkSignature(
  { request, accountId }: Call,
  method: 'PUT' | 'GET',
  service: Services,
): Result<string> {
  const relativePath = toPath(operations.upload.path, request.params)
  const { temp_url_sig: signature, temp_url_expires: expires } = request.query
  if (typeof signature !== 'string' || typeof expires !== 'string') return refuse(40151)
  const now = service.clocks.of(accountId).now()
  const isAlive = now / 1000 < Number(expires)
  return isAlive && isSignatureOf(signature, { method, relativePath, expires })
    ? { ok: true, value: relativePath }
    : refuse(40151)
}

/** Keeps a file at the place that `ms.GenerateURLForUploadFile` gave. Rules: EP-15, EP-16, PUB-5. */
export async function upload(call: Call, service: Services): Promise<ServiceResponse> {
  const place = checkSignature(call, 'PUT', service)
  if (!place.ok) return toErrorResponse(place.refusal, service.settings)
  const { bytes, accountId } = call
  if (!bytes.ok) return toErrorResponse(bytes.refusal, service.settings)
  service.files.save(accountId, place.value, bytes.value)
  return { status: 201, rules: ['EP-15', 'EP-16'] }
}

/** Hands out a file that was uploaded. Rules: EP-15, EP-16. */
export async function download(call: Call, service: Services): Promise<ServiceResponse> {
  const place = checkSignature(call, 'GET', service)
  if (!place.ok) return toErrorResponse(place.refusal, service.settings)
  const bytes = service.files.load(call.accountId, place.value)
  return bytes
    ? { status: 200, bytes, rules: ['EP-15', 'EP-16'] }
    : toErrorResponse({ errorCode: 40454 }, service.settings)
}

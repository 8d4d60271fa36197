import { createProblem, type Diagnostic, errorCodes, operations, toPath } from '@sendbox/schema'
import { isSignatureOf } from '../../files/file-urls.ts'
import type { Services } from '../../services.ts'
import type { Call } from '../call.ts'
import { type Result, refuse, type ServiceResponse, toErrorResponse } from '../response.ts'

/** The signature must be for this method and path, and not expired. Rules: EP-15, EP-16. */
function checkSignature(
  { request, accountId }: Call,
  method: 'PUT' | 'GET',
  services: Services,
): Result<string> {
  const relativePath = toPath(operations.upload.path, request.params)
  const { temp_url_sig: signature, temp_url_expires: expires } = request.query
  if (typeof signature !== 'string' || typeof expires !== 'string')
    return refuse(errorCodes.invalidTempUrl)
  const now = services.clocks.now(accountId)
  const isAlive = now / 1000 < Number(expires)
  return isAlive && isSignatureOf(signature, { method, relativePath, expires })
    ? { ok: true, value: relativePath }
    : refuse(errorCodes.invalidTempUrl)
}

const formType = 'multipart/form-data'

/** A boundary line and the headers of the first part, as a form begins. */
const formBeginning =
  /^(?:\r?\n)?--[^\r\n]{1,70}\r?\n(?:[\w-]+:[^\r\n]*\r?\n)*?content-disposition:\s*form-data/i

const maxFormBeginning = 1_024

/** Notes an upload that looks like a form, by its header or its bytes: its boundary lines are stored too. Rule: EP-15. */
function checkRawBytes({ request }: Call, bytes: Uint8Array): Diagnostic[] {
  const contentType = request.get('content-type') ?? ''
  const isFormType = contentType.trim().toLowerCase().startsWith(formType)
  const beginning = Buffer.from(bytes.subarray(0, maxFormBeginning)).toString('latin1')
  if (!isFormType && !formBeginning.test(beginning)) return []
  const expected = `the raw bytes of the file, not ${formType}`
  const path = isFormType ? ['headers', 'content-type'] : []
  const [firstLine = ''] = beginning.trimStart().split('\r', 1)
  const received = isFormType ? contentType : firstLine
  return [createProblem({ path, expected, received, rule: 'EP-15' })]
}

/** Stores a file at a path of `ms.GenerateURLForUploadFile`. Rules: EP-15, EP-16, PUB-5. */
export async function upload(call: Call, services: Services): Promise<ServiceResponse> {
  const place = checkSignature(call, 'PUT', services)
  if (!place.ok) return toErrorResponse(place.refusal, call.settings)
  const { bytes, accountId } = call
  if (!bytes.ok) return toErrorResponse(bytes.refusal, call.settings)
  services.files.save(accountId, place.value, bytes.value)
  const diagnostics = checkRawBytes(call, bytes.value)
  return { status: 201, rules: ['EP-15', 'EP-16'], facts: { diagnostics } }
}

/** Responds with an uploaded file. Rules: EP-15, EP-16. */
export async function download(call: Call, services: Services): Promise<ServiceResponse> {
  const place = checkSignature(call, 'GET', services)
  if (!place.ok) return toErrorResponse(place.refusal, call.settings)
  const bytes = services.files.load(call.accountId, place.value)
  return bytes
    ? { status: 200, bytes, rules: ['EP-15', 'EP-16'] }
    : toErrorResponse({ errorCode: errorCodes.fileNotFound }, call.settings)
}

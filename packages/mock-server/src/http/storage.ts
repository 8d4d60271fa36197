import { promisify } from 'node:util'
import { operations, toPath } from '@sendbox/schema'
import express, { type Request, type Response } from 'express'
import { isSignatureOf } from '../file-urls.ts'
import type { Service } from '../service.ts'
import { type Answer, type Checked, refusal, toErrorAnswer } from './answer.ts'
import { bodyFailure } from './read-json.ts'

type StorageRequest = Request<{ accountId: string; fileName: string }>

/** The signature must be for this method and path, and not past its time. Rules: EP-15, EP-16. */
function checkSignature(
  request: StorageRequest,
  method: 'PUT' | 'GET',
  service: Service,
): Checked<string> {
  const relativePath = toPath(operations.upload.path, request.params)
  const { temp_url_sig: signature, temp_url_expires: expires } = request.query
  if (typeof signature !== 'string' || typeof expires !== 'string') return refusal(40151)
  const now = service.clocks.of(request.params.accountId).now()
  const isAlive = now / 1000 < Number(expires)
  return isAlive && isSignatureOf(signature, { method, relativePath, expires })
    ? { ok: true, value: relativePath }
    : refusal(40151)
}

/** Keeps a file at the place that `ms.GenerateURLForUploadFile` gave. Rules: EP-15, EP-16, PUB-5. */
export async function upload(
  request: StorageRequest,
  response: Response,
  service: Service,
): Promise<Answer> {
  const place = checkSignature(request, 'PUT', service)
  if (!place.ok) return toErrorAnswer(place.refusal, service.settings)
  const limit = service.settings.limits.fileBytes
  const readRaw = promisify(express.raw({ type: () => true, limit, inflate: false }))
  try {
    await readRaw(request, response)
  } catch (error) {
    return toErrorAnswer(bodyFailure(error).refusal, service.settings)
  }
  const body: unknown = request.body
  const bytes = body instanceof Uint8Array ? body : new Uint8Array()
  service.files.save(request.params.accountId, place.value, bytes)
  return { status: 201, rules: ['EP-15', 'EP-16'] }
}

/** Hands out a file that was uploaded. Rules: EP-15, EP-16. */
export async function download(
  request: StorageRequest,
  _response: unknown,
  service: Service,
): Promise<Answer> {
  const place = checkSignature(request, 'GET', service)
  if (!place.ok) return toErrorAnswer(place.refusal, service.settings)
  const bytes = service.files.load(request.params.accountId, place.value)
  return bytes
    ? { status: 200, bytes, rules: ['EP-15', 'EP-16'] }
    : toErrorAnswer({ errorCode: 40454 }, service.settings)
}

import { promisify } from 'node:util'
import express, { type Request, type Response } from 'express'
import { type Checked, refusal } from './answer.ts'

/** The largest body that is read, in bytes; the public material names no limit. */
const largestBodyBytes = 1024 * 1024

const readRaw = promisify(express.raw({ type: () => true, limit: largestBodyBytes }))

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** The HTTP status that body-parser gives its failure, where it is one of the caller's. */
const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && 'status' in error && typeof error.status === 'number'
    ? error.status
    : undefined

/** Why a body could not be read; an error that is not the caller's is thrown on. Rule: RES-7. */
export function bodyFailure(error: unknown): ReturnType<typeof refusal> {
  const status = statusOf(error)
  if (status === 413) return refusal(41350)
  if (status === 415) return refusal(41550)
  if (status === 400) return refusal(40050)
  throw error
}

async function readBytes(request: Request, response: Response): Promise<Checked<Uint8Array>> {
  try {
    await readRaw(request, response)
  } catch (error) {
    return bodyFailure(error)
  }
  const body: unknown = request.body
  return { ok: true, value: body instanceof Uint8Array ? body : new Uint8Array() }
}

/** Reads a JSON body; size, media type and syntax are checked in this order. Rules: AUTH-11, REQ-7. */
export async function readJson(request: Request, response: Response): Promise<Checked<unknown>> {
  const bytes = await readBytes(request, response)
  if (!bytes.ok) return bytes
  if (!request.is('application/json')) return refusal(41550)
  try {
    return { ok: true, value: JSON.parse(utf8.decode(bytes.value)) }
  } catch {
    return refusal(40050)
  }
}

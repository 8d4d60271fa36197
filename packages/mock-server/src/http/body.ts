import { isAscii } from 'node:buffer'
import { promisify } from 'node:util'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { createBoundsReader, errorCodes, findExceededBound, type JsonBounds } from '@sendbox/schema'
import express, { type Request, type Response } from 'express'
import { type Result, refuse } from './response.ts'

/** Default maximum size of a body, in bytes; the public sources name no limit. */
export const maxBodyBytes = 1_048_576

/** Options of reading a body. */
interface BodyOptions {
  /** In bytes, after decompression. */
  readonly limit: number
  /** Whether a compressed body is decompressed; otherwise it is refused with 415. */
  readonly inflate: boolean
  /**
   * Maximum number of JSON values, and with that {@link maxDepth}, beyond which a compressed body is decompressed no further.
   * @default none
   */
  readonly values?: number
}

const decoders = { gzip: createGunzip, deflate: createInflate, br: createBrotliDecompress } as const

/** The encodings that are decompressed on every Node: newer ones know more. Rule: RES-7. */
export const contentEncodings: readonly string[] = Object.keys(decoders)

/** Readers by options, created on first use. */
const readers = new Map<string, (request: Request, response: Response) => Promise<void>>()

function readerFor({ limit, inflate }: BodyOptions) {
  const key = `${limit} ${inflate}`
  const reader = readers.get(key) ?? promisify(express.raw({ type: () => true, limit, inflate }))
  readers.set(key, reader)
  return reader
}

const mediaType = 'application/json'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Maximum JSON nesting depth: JSON.parse reads any depth, but serializing it again is recursive. */
export const maxDepth = 100

/** The HTTP status that body-parser gives an error, if any. */
const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && 'status' in error && typeof error.status === 'number'
    ? error.status
    : undefined

const cutOff = new Set<unknown>(['Z_BUF_ERROR', 'request.aborted', 'request.size.invalid'])

/** Why the bytes of a body could not be read, in the codes of zlib and body-parser. */
function toReason(error: unknown, encoding: string): string {
  const { code, type } = error as { readonly code?: unknown; readonly type?: unknown }
  if (cutOff.has(code) || cutOff.has(type)) return 'one that is cut off'
  return `one that is not in the encoding ${encoding}`
}

/** Refuses a body that could not be read; rethrows an error that is not the caller's. Rule: RES-7. */
function refuseBody(error: unknown, { headers }: Request): ReturnType<typeof refuse> {
  const name = headers['content-encoding'] ?? 'identity'
  const status = statusOf(error)
  if (status === 413) return refuse(errorCodes.payloadTooLarge)
  if (status === 415) return refuse(errorCodes.unsupportedEncoding, { name })
  if (status !== 400) throw error
  const { refusal } = refuse(errorCodes.invalidJson)
  return { ok: false, refusal: { ...refusal, reason: toReason(error, name) } }
}

/** Whether a body has a length within the limit, is uncompressed and still unread. */
const isPlain = ({ headers, readableDidRead, readableEnded }: Request, limit: number): boolean =>
  Number(headers['content-length']) <= limit &&
  headers['content-encoding'] === undefined &&
  !readableDidRead &&
  !readableEnded

/** Most bodies arrive in one chunk. */
function join(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks
  return first && chunks.length === 1 ? first : Buffer.concat(chunks)
}

/** Collects a body; an aborted one is refused. Rule: RES-7. */
const collect = (request: Request): Promise<Result<Uint8Array>> =>
  new Promise(resolve => {
    const chunks: Buffer[] = []
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => resolve({ ok: true, value: join(chunks) }))
      .on('error', () => resolve(refuse(errorCodes.invalidJson)))
  })

/** Refuses JSON that exceeds a bound. */
function refuseBound(exceeded: keyof JsonBounds, values: number): ReturnType<typeof refuse> {
  if (exceeded === 'depth') return refuse(errorCodes.invalidJson)
  const { refusal } = refuse(errorCodes.payloadTooLarge)
  return { ok: false, refusal: { ...refusal, reason: `more than ${values} values` } }
}

/** Decompresses a body up to its end, or to where it exceeds a bound: a few kilobytes may become hundreds of megabytes. */
const decompress = (
  request: Request,
  encoding: keyof typeof decoders,
  { limit, values }: BodyOptions,
): Promise<Result<Uint8Array>> =>
  new Promise(resolve => {
    const decoder = decoders[encoding]()
    const findBound =
      values === undefined ? undefined : createBoundsReader({ depth: maxDepth, values })
    const chunks: Buffer[] = []
    let left = limit
    /** The rest of the body is read and discarded. */
    const end = (refusal: ReturnType<typeof refuse>): void => {
      request.unpipe(decoder).resume()
      decoder.destroy()
      resolve(refusal)
    }
    const onError = (error: unknown): void => end(refuseBody(error, request))
    decoder
      .on('data', (chunk: Buffer) => {
        left -= chunk.byteLength
        const exceeded = findBound?.(chunk.toString('latin1'))
        if (left < 0) end(refuse(errorCodes.payloadTooLarge))
        else if (exceeded) end(refuseBound(exceeded, values ?? 0))
        else chunks.push(chunk)
      })
      .on('end', () => resolve({ ok: true, value: join(chunks) }))
      .on('error', error => onError(Object.assign(error, { status: 400 })))
    request
      .on('error', () =>
        onError(Object.assign(new Error('aborted'), { status: 400, type: 'request.aborted' })),
      )
      .pipe(decoder)
  })

/** Reads a body by Express. */
async function parseRaw(
  request: Request,
  response: Response,
  options: BodyOptions,
): Promise<Result<Uint8Array>> {
  const encoding = request.headers['content-encoding'] ?? 'identity'
  const name = encoding.toLowerCase()
  if (![...contentEncodings, 'identity'].includes(name))
    return refuse(errorCodes.unsupportedEncoding, { name: encoding })
  if (options.inflate && name !== 'identity' && !request.readableDidRead)
    return decompress(request, name as keyof typeof decoders, options)
  try {
    await readerFor(options)(request, response)
  } catch (error) {
    return refuseBody(error, request)
  }
  const body: unknown = request.body
  if (body instanceof Uint8Array) return { ok: true, value: body }
  if (body === undefined) return { ok: true, value: new Uint8Array() }
  throw new TypeError('The body was parsed before: mount createApp() ahead of express.json()')
}

const jsonBody: BodyOptions = { limit: maxBodyBytes, inflate: true }

/** Reads the bytes of a body; refuses one that is too large, has an unknown encoding or is aborted. */
export const readBytes = (
  request: Request,
  response: Response,
  options: BodyOptions = jsonBody,
): Promise<Result<Uint8Array>> =>
  isPlain(request, options.limit) ? collect(request) : parseRaw(request, response, options)

/** Most bodies are ASCII, which is decoded faster. */
const decode = (bytes: Uint8Array): string =>
  Buffer.isBuffer(bytes) && isAscii(bytes) ? bytes.toString('latin1') : utf8.decode(bytes)

/** Parsed JSON, and its text. */
export type ReadJson =
  | { readonly ok: true; readonly value: unknown; readonly text: string }
  | ReturnType<typeof refuse>

/**
 * Parses the bytes of a body as JSON; size, media type, depth, number of values and syntax are checked in this order, before any schema
 * sees it. Rules: AUTH-11, REQ-7.
 */
export function readJson(request: Request, bytes: Result<Uint8Array>, values: number): ReadJson {
  if (!bytes.ok) return bytes
  const isJson = request.headers['content-type'] === mediaType && bytes.value.byteLength > 0
  if (!isJson && !request.is(mediaType)) return refuse(errorCodes.unsupportedMediaType)
  try {
    const text = decode(bytes.value)
    const exceeded = findExceededBound(text, { depth: maxDepth, values })
    return exceeded === undefined
      ? { ok: true, value: JSON.parse(text), text }
      : refuseBound(exceeded, values)
  } catch {
    return refuse(errorCodes.invalidJson)
  }
}

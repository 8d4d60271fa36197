import type { Readable } from 'node:stream'

/** The beginning of the body of a response. */
export interface ResponseBeginning {
  /** Bytes that are not UTF-8 are replacement characters. */
  readonly text: string
  /** Whether the body continues, or may have continued. */
  readonly truncated: boolean
}

/** Maximum number of bytes of a body that are returned. */
const maxTextBytes = 4096

/** Maximum number of bytes that are read, so that the connection is used again; with a larger body it is closed. */
const maxResponseBytes = 128 * 1024

/** How long the result waits for the body, in ms of wall time: the status line has decided the attempt. Rule: WH-9. */
const maxWaitMs = 100

function toBeginning(chunks: readonly Uint8Array[], hasEnded: boolean): ResponseBeginning {
  const bytes = Buffer.concat(chunks)
  const truncated = !hasEnded || bytes.byteLength > maxTextBytes
  // As part of a stream: the first bytes of a character that is cut are no error.
  const text = new TextDecoder().decode(bytes.subarray(0, maxTextBytes), { stream: truncated })
  return { text, truncated }
}

/**
 * Resolves with the beginning of a body; never rejects. Reads on in the background so that the connection is used again, for `maxReadMs` of
 * wall time at most.
 */
export const readResponse = (body: Readable, maxReadMs: number): Promise<ResponseBeginning> =>
  new Promise(resolve => {
    const chunks: Uint8Array[] = []
    let length = 0
    let isSettled = false
    const settle = (hasEnded: boolean): void => {
      if (isSettled) return
      isSettled = true
      resolve(toBeginning(chunks, hasEnded))
    }
    const waiting = setTimeout(() => settle(false), maxWaitMs)
    const reading = setTimeout(() => body.destroy(), maxReadMs)
    body
      .on('data', (chunk: Uint8Array) => {
        length += chunk.byteLength
        if (!isSettled) chunks.push(chunk)
        if (length > maxTextBytes) settle(false)
        if (length > maxResponseBytes) body.destroy()
      })
      .on('end', () => settle(true))
      .on('error', () => settle(false))
      .on('close', () => {
        clearTimeout(waiting)
        clearTimeout(reading)
        settle(false)
      })
  })

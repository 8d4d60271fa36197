import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { CallScope } from '../call/deadline.ts'
import type { CallInfo } from '../errors/client-error.ts'
import { FileRefusedError } from '../errors/local-errors.ts'

/** Bytes, a path, a `file:` URL, or a stream of bytes, which is consumed. */
export type FileSource = Uint8Array | string | URL | AsyncIterable<Uint8Array>

export interface ReadFileSourceOptions {
  readonly callInfo: CallInfo
  readonly scope: CallScope
  /** Rule: PUB-5. */
  readonly maxBytes: number
}

function openSource(source: Exclude<FileSource, Uint8Array>): Readable {
  if (typeof source === 'string' || source instanceof URL) return createReadStream(source)
  return source instanceof Readable ? source : Readable.from(source)
}

const tooLarge = (callInfo: CallInfo, maxBytes: number): FileRefusedError =>
  new FileRefusedError(callInfo, {
    problem: 'too-large',
    detail: `the file has more than ${maxBytes} bytes, so nothing was sent. Send a smaller file, or raise limits.fileBytes.`,
  })

async function collect(
  stream: Readable,
  { callInfo, maxBytes }: ReadFileSourceOptions,
): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  const parts: AsyncIterable<Uint8Array | string> = stream
  for await (const part of parts) {
    const chunk = typeof part === 'string' ? Buffer.from(part) : part
    size += chunk.length
    if (size > maxBytes) throw tooLarge(callInfo, maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Reads at most `maxBytes` into memory; destroys the stream on failure. Rule: PUB-5. */
export async function readFileSource(
  source: FileSource,
  options: ReadFileSourceOptions,
): Promise<Uint8Array> {
  const { callInfo, scope, maxBytes } = options
  if (source instanceof Uint8Array) {
    if (source.length > maxBytes) throw tooLarge(callInfo, maxBytes)
    return source
  }
  let stream: Readable | undefined
  try {
    stream = openSource(source)
    return await scope.waitFor(collect(stream, options))
  } catch (cause) {
    stream?.destroy()
    if (cause instanceof FileRefusedError || cause === scope.interruption) throw cause
    const detail = `the file cannot be read (${cause instanceof Error ? cause.message : 'unknown reason'}), so nothing was sent. Check the path or the stream.`
    throw new FileRefusedError(callInfo, { problem: 'unreadable', detail, cause })
  }
}

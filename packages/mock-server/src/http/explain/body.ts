import { errorCodes, isRecord } from '@sendbox/schema'
import { contentEncodings, maxBodyBytes, maxDepth } from '../body.ts'
import { type Explanation, quoteIf, valuesOf } from './explanation.ts'
import { describeSyntaxError } from './json-syntax.ts'
import type { Refused } from './refused.ts'

/** Index of the first byte that is not UTF-8: decoding and encoding again changes it. */
function findInvalidByte(bytes: Uint8Array): number | undefined {
  const again = Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
  const index = bytes.findIndex((byte, position) => byte !== again[position])
  return index === -1 ? undefined : index
}

const startsWith = (bytes: Uint8Array, ...first: readonly number[]): boolean =>
  first.every((byte, index) => bytes[index] === byte)

/** Describes bytes that are no text in UTF-8. */
function describeBytes(bytes: Uint8Array, isEncoded: boolean): string | undefined {
  if (startsWith(bytes, 0x1f, 0x8b))
    return isEncoded
      ? 'bytes of gzip inside of the named encoding: the body is compressed twice'
      : 'bytes of gzip, without a Content-Encoding that says so'
  if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff)) return 'text in UTF-16'
  const index = findInvalidByte(bytes)
  if (index === undefined) return undefined
  const byte = bytes[index] ?? 0
  const guess = new TextDecoder('windows-1252').decode(Uint8Array.of(byte))
  return `the byte 0x${byte.toString(16)} at offset ${index}, which is not UTF-8; in windows-1252 it is ${guess}`
}

const looks: readonly (readonly [RegExp, string])[] = [
  [/^\s*\[object \w+\]\s*$/, 'an object that was converted to text, not to JSON'],
  [/^[\w.%+[\]-]{1,60}=[^{]*/, 'a form (name=value)'],
  [/^--[\w'()+,./:=? -]{1,70}\r?\n/, 'multipart/form-data'],
  [/^\s*</, 'XML or HTML'],
]

/** Explains a body that is no JSON, or could not be read. Rule: RES-7. */
export function explainJson({ refusal, call }: Refused): Explanation {
  const { bytes, request } = call
  const part = 'The body'
  const expected = 'JSON in UTF-8'
  const encoding = request.get('content-encoding')
  if (!bytes.ok) {
    const received = bytes.refusal.reason ?? refusal.reason ?? 'one that cannot be read'
    const isDeflate = encoding?.trim().toLowerCase() === 'deflate'
    const hint = isDeflate
      ? 'deflate is the zlib format of RFC 1950; raw deflate lacks its header'
      : 'compress it as Content-Encoding says, or leave that header out'
    return { part, expected, received, ...(encoding && { hint }) }
  }
  const binary = describeBytes(bytes.value, encoding !== undefined)
  if (binary) return { part, expected, received: binary }
  const text = new TextDecoder().decode(bytes.value)
  const received = describeSyntaxError(text)
  if (received === undefined)
    return { part, expected: `JSON of at most ${maxDepth} levels`, received: 'more levels' }
  const look = looks.find(([form]) => form.test(text.slice(0, 200)))?.[1]
  return { part, expected, received, ...(look && { hint: `the body is ${look}` }) }
}

const mediaTypeForm = /^[a-z]{1,15}\/[a-z\d.+-]{1,24}$/i

/** Explains a Content-Type that is not JSON's. Rule: REQ-7. */
export function explainContentType({ call: { request, bytes } }: Refused): Explanation {
  const part = 'Content-Type'
  const expected = 'application/json'
  const values = valuesOf(request.rawHeaders, part)
  if (values.length === 0) return { part, expected, received: 'no such header' }
  if (values.length > 1) return { part, expected, received: `the header ${values.length} times` }
  const [type = ''] = (values[0] ?? '').split(';').map(value => value.trim())
  if (type.toLowerCase() === expected && bytes.ok && bytes.value.byteLength === 0)
    return { part: 'The body', expected: 'JSON', received: 'no body' }
  const quoted = quoteIf(mediaTypeForm, type)
  const received = quoted ? `the type${quoted}` : 'a value that is no media type'
  const isForm = /^application\/x-www-form-urlencoded$/i.test(type)
  const hint = isForm ? 'curl -d, fetch and many clients send this type by themselves' : undefined
  return { part, expected, received, hint }
}

/** Explains a Content-Encoding that is not supported. Rule: RES-7. */
export function explainEncoding({ call: { request, operationId } }: Refused): Explanation {
  const name = request.get('content-encoding') ?? ''
  const isFile = operationId === 'upload'
  const quoted = quoteIf(/^[\w, -]*$/, name)
  return {
    part: 'Content-Encoding',
    expected: isFile
      ? 'no such header: a file is stored as it comes'
      : `${contentEncodings.join(', ')} or none`,
    received: quoted ? `the encoding${quoted}` : 'another encoding',
    hint: name.includes(',')
      ? 'one encoding, once'
      : contentEncodings.includes(name.replace(/^x-/i, '').toLowerCase()) && !isFile
        ? `the name is ${name.replace(/^x-/i, '').toLowerCase()}`
        : /utf|iso|ascii/i.test(name)
          ? 'a character set belongs into Content-Type'
          : undefined,
  }
}

/** Explains a body that is too large. Rules: RES-7, PUB-5. */
export function explainSize({ refusal, call }: Refused): Explanation {
  const isFile = call.operationId === 'upload'
  const { limits } = call.settings
  if (refusal.reason !== undefined)
    return {
      part: 'The JSON of the body',
      expected: `at most ${limits.jsonValues} values`,
      received: refusal.reason,
      hint: 'setting limits.jsonValues',
    }
  const limit = isFile ? limits.fileBytes : maxBodyBytes
  const length = Number(call.request.get('content-length'))
  const isNamed = length > limit
  return {
    part: isFile ? 'The file' : 'The body',
    expected: `at most ${limit} bytes`,
    received: isNamed ? `${length} bytes` : 'more, once it is read and decompressed',
    ...(isFile && { hint: 'setting limits.fileBytes' }),
  }
}

/** Whether a payload is JSON inside of a JSON string, or another value than a request. */
export const describePayload = (payload: unknown): string | undefined => {
  if (typeof payload === 'string' && /^\s*[{[]/.test(payload))
    return 'the body is JSON inside of a string: it was encoded twice'
  return isRecord(payload) && typeof payload['body'] === 'string'
    ? 'body is text: it was encoded twice, or is not an object'
    : undefined
}

/** Explains a body that could not be read, by the check that refused it. */
export function explainUnreadable(refused: Refused): Explanation {
  const { errorCode } = refused.refusal
  if (errorCode === errorCodes.payloadTooLarge) return explainSize(refused)
  return errorCode === errorCodes.unsupportedEncoding
    ? explainEncoding(refused)
    : explainJson(refused)
}

import { createHmac, timingSafeEqual } from 'node:crypto'

const algorithms = ['sha1', 'sha256'] as const

/**
 * Returns the `x-liveperson-signature` of a webhook's body: the algorithm, `=` and the HMAC. Strings are signed as UTF-8.
 * Rule: WH-3.
 *
 * @param body the exact bytes of the body; JSON that was parsed and stringified again may differ
 * @param secret the client secret of the app
 * @param algorithm the hash of the HMAC
 * @param encoding the encoding of the HMAC
 *
 * @example
 * ```ts
 * import { signWebhook } from '@sendbox/schema/signature'
 *
 * console.log(signWebhook('{}', 'client-secret')) // sha1=/DKjCIt+d3z8pxkYVoccOdZDTUg=
 * ```
 */
export function signWebhook(
  body: string | Uint8Array,
  secret: string,
  algorithm: (typeof algorithms)[number] = 'sha1',
  encoding: 'base64' | 'hex' = 'base64',
): string {
  return `${algorithm}=${createHmac(algorithm, secret).update(body).digest(encoding)}`
}

/**
 * Returns whether `header` is exactly the signature of `body`, by the algorithm of its prefix, in base64 or in hexadecimal of
 * either case, in constant time. Never throws: a missing or repeated header, another prefix, white space and other base64 of the same
 * bytes are false. Rule: WH-3.
 *
 * @param body the exact bytes of the body
 * @param secret the client secret of the app
 * @param header the value of `x-liveperson-signature` in `request.headers` of Node
 *
 * @example
 * ```ts
 * import { signWebhook, verifyWebhook } from '@sendbox/schema/signature'
 *
 * const header = signWebhook('{}', 'client-secret', 'sha256')
 * console.log(verifyWebhook('{}', 'client-secret', header), verifyWebhook('{ }', 'client-secret', header)) // true false
 * ```
 */
export function verifyWebhook(
  body: string | Uint8Array,
  secret: string,
  header: string | readonly string[] | undefined,
): boolean {
  if (typeof header !== 'string') return false
  const algorithm = algorithms.find(name => header.startsWith(`${name}=`))
  if (!algorithm) return false
  const digest = header.slice(algorithm.length + 1)
  const isHex = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(digest)
  const encoding = isHex ? 'hex' : 'base64'
  const expected = Buffer.from(signWebhook(body, secret, algorithm, encoding))
  const received = Buffer.from(isHex ? header.toLowerCase() : header)
  return received.length === expected.length && timingSafeEqual(received, expected)
}

import { createHmac, timingSafeEqual } from 'node:crypto'

const algorithms = ['sha1', 'sha256'] as const

/**
 * Signs the body of a webhook as `x-liveperson-signature` carries it: the algorithm, `=` and the HMAC in base64.
 * A string is signed as its UTF-8 bytes, and so is the secret. Rule: WH-3.
 *
 * @param body the bytes exactly as they are sent; JSON that was parsed and written again may differ
 * @param secret the client secret of the app
 * @param algorithm the hash under the HMAC
 */
export function signWebhook(
  body: string | Uint8Array,
  secret: string,
  algorithm: (typeof algorithms)[number] = 'sha1',
): string {
  return `${algorithm}=${createHmac(algorithm, secret).update(body).digest('base64')}`
}

/**
 * Tells in constant time whether `header` is exactly the signature of `body`, by the algorithm that its prefix names.
 * Anything else is false and never throws: no header, a repeated one, another prefix or case, white space, other base64 of
 * the same bytes. Rule: WH-3.
 *
 * @param body the bytes exactly as they came
 * @param secret the client secret of the app
 * @param header the value of `x-liveperson-signature`, as `request.headers` of Node holds it
 */
export function verifyWebhook(
  body: string | Uint8Array,
  secret: string,
  header: string | readonly string[] | undefined,
): boolean {
  if (typeof header !== 'string') return false
  const algorithm = algorithms.find(name => header.startsWith(`${name}=`))
  if (!algorithm) return false
  const expected = Buffer.from(signWebhook(body, secret, algorithm))
  const received = Buffer.from(header)
  return received.length === expected.length && timingSafeEqual(received, expected)
}

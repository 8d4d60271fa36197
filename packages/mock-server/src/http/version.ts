import type { Request } from 'express'
import { type Checked, refusal } from './answer.ts'

/** The version must be there once and to the letter; a query of nothing else need not be parsed. Rule: EP-3. */
export function checkVersion(
  request: Pick<Request, 'url' | 'query'>,
  { v }: { readonly v: string },
): Checked<undefined> {
  const { url } = request
  const isGiven = url.slice(url.indexOf('?')) === `?v=${v}` || request.query['v'] === v
  return isGiven ? { ok: true, value: undefined } : refusal(40450)
}

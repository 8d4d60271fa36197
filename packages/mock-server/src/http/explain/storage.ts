import { operations, toPath } from '@sendbox/schema'
import { isSignatureOf } from '../../files/file-urls.ts'
import { type Explanation, quoteIf, toTime } from './explanation.ts'
import type { Refused } from './refused.ts'

const uses = { PUT: 'an upload (PUT)', GET: 'a download (GET)' } as const

/** Explains a URL of the storage that is not signed, not for this use, or past its time. Rules: EP-15, EP-16. */
export function explainSignature({ call, services }: Refused): Explanation {
  const { request, accountId } = call
  const method = request.method === 'PUT' ? 'PUT' : 'GET'
  const account = quoteIf(/^[\w.~-]{1,40}$/, accountId)
  const part = 'The query'
  const expected = `the signature of ${uses[method]} of this file of account${account || ' of the path'}`
  const { temp_url_sig: signature, temp_url_expires: expires } = request.query
  const missing = Object.entries({ temp_url_sig: signature, temp_url_expires: expires })
    .filter(([, value]) => typeof value !== 'string')
    .map(([name, value]) => (value === undefined ? `no ${name}` : `${name} more than once`))
  if (typeof signature !== 'string' || typeof expires !== 'string')
    return { part, expected, received: missing.join(' and ') }
  const relativePath = toPath(operations.upload.path, request.params)
  const isSignedFor = (use: 'PUT' | 'GET') =>
    isSignatureOf(signature.toLowerCase(), { method: use, relativePath, expires })
  const other = method === 'PUT' ? 'GET' : 'PUT'
  if (isSignedFor(other)) return { part, expected, received: `the signature of ${uses[other]}` }
  const seconds = Number(expires)
  if (!Number.isFinite(seconds) || expires === '')
    return { part, expected, received: 'a temp_url_expires that is no number of seconds' }
  if (!isSignedFor(method)) {
    const isForm = /^[\da-f]{40}$/.test(signature)
    const received = isForm
      ? 'a signature of another path, account or time'
      : 'a text that is not 40 hexadecimal digits'
    return {
      part,
      expected,
      received,
      hint: 'use relativePath and queryParams of one answer as they are',
    }
  }
  const clock = services.clocks.of(accountId)
  if (seconds <= clock.now() / 1000) {
    const hint = `the account's clock shows ${toTime(clock.now())}; a URL is good for 60 s`
    return { part, expected, received: `one that ended at ${toTime(seconds * 1000)}`, hint }
  }
  return { part, expected, received: 'a signature in another letter case' }
}

/** Explains a download of a file that is not there. Rule: EP-16. */
export const explainMissingFile = (): Explanation => ({
  part: 'The path',
  expected: 'a file that was uploaded',
  received: 'a path to which nothing was put',
  hint: 'PUT it by ms.GenerateURLForUploadFile first; a restart without a data folder removes all',
})

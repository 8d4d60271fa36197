import type { Request } from 'express'
import { type Checked, refusal } from './answer.ts'

/** The version must be there once and to the letter. Rule: EP-3. */
export const checkVersion = (
  request: Pick<Request, 'query'>,
  { v }: { readonly v: string },
): Checked<undefined> =>
  request.query['v'] === v ? { ok: true, value: undefined } : refusal(40450)

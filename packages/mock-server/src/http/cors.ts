import type { OperationId, RuleId } from '@sendbox/schema'
import type { Request } from 'express'
import type { ServiceResponse } from './response.ts'

/** The rules of the operations that web pages of any site may call; all others are closed to them. */
const corsRules = {
  baseUri: 'EP-17.2',
  baseUris: 'EP-17.2',
  upload: 'EP-17.1',
  download: 'EP-17.1',
} as const satisfies Partial<Record<OperationId, RuleId>>

/** An operation that web pages of any site may call. */
export type PageOperationId = keyof typeof corsRules

/** Whether web pages of any site may call an operation. Rule: EP-17. */
export const isOpenToPages = (id: OperationId): id is PageOperationId => id in corsRules

type Headers = Pick<Request, 'headers'>

/**
 * Adds the headers that let a page read the response, all of its headers included, and the rule that says so; none for a program, which
 * sends no `Origin`. Rule: EP-17.
 */
export function toCorsResponse(
  response: ServiceResponse,
  id: OperationId,
  { headers: { origin } }: Headers,
): ServiceResponse {
  if (origin === undefined || !isOpenToPages(id)) return response
  const { headers, rules } = response
  return {
    ...response,
    headers: {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': '*',
      ...headers,
    },
    ...(rules && { rules: [...rules, corsRules[id]] }),
  }
}

/** Time for which a browser may cache a preflight. Rule: EP-17. */
const maxAgeSeconds = 600

/** The response to OPTIONS, of a browser's preflight or of a program; whichever headers a page asks for are allowed. Rule: EP-17. */
export function toPreflightResponse(
  id: PageOperationId,
  methods: string,
  { headers }: Headers,
): ServiceResponse {
  const asked = headers['access-control-request-headers']
  return {
    status: 200,
    headers: {
      Allow: methods,
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Methods': methods,
      ...(asked !== undefined && { 'Access-Control-Allow-Headers': asked }),
      'Access-Control-Max-Age': String(maxAgeSeconds),
    },
    rules: [corsRules[id]],
  }
}

import { errorCodes } from '@sendbox/schema'
import type { Request, RequestHandler, Response } from 'express'
import type { z } from 'zod'
import { maxBodyBytes, readBytes, readJson } from '../http/body.ts'
import { type Result, type ServiceResponse, writeServiceResponse } from '../http/response.ts'
import { checkInput } from '../parse-input.ts'
import {
  type ControlCall,
  type ControlOperation,
  controlPrefix,
  refuseControl,
} from './operation.ts'

/** A value of a control call, or the answer that refuses it. */
type Part<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly answer: ServiceResponse }

const absent: Part<undefined> = { ok: true, value: undefined }

/** A bad value is answered with 400 and `problems`: path, expected, received, message. */
function readPart(schema: z.ZodType, value: unknown): Part<unknown> {
  const result = checkInput(schema, value)
  if (result.ok) return result
  const problems = result.refusal
  const details = problems.map(({ message }) => message).join('\n')
  return { ok: false, answer: refuseControl(400, details, { problems }) }
}

/** Claims that an operation may be called without its body. */
export const isBodyOptional = ({ body }: ControlOperation): boolean =>
  body?.safeParse(undefined).success ?? true

/** The largest body of an operation, in bytes. */
export const maxBodyBytesOf = (operation: ControlOperation): number =>
  operation.maxBodyBytes ?? maxBodyBytes

type BodyRefusal = Extract<Result<unknown>, { ok: false }>['refusal']

function refuseBytes({ errorCode }: BodyRefusal, operation: ControlOperation): ServiceResponse {
  if (errorCode === errorCodes.payloadTooLarge)
    return refuseControl(
      413,
      `The body of this call may have ${maxBodyBytesOf(operation)} bytes at most`,
    )
  if (errorCode === errorCodes.unsupportedMediaType)
    return refuseControl(
      415,
      'The body must be JSON: send it with "Content-Type: application/json"',
    )
  return refuseControl(400, 'The body is no JSON in UTF-8, or nested too deeply')
}

async function readBody(
  operation: ControlOperation,
  request: Request<Record<string, string>>,
  response: Response,
): Promise<Part<unknown>> {
  if (operation.body === undefined) return absent
  const limit = maxBodyBytesOf(operation)
  const bytes = await readBytes(request as Request, response, { limit, inflate: true })
  if (bytes.ok && bytes.value.byteLength === 0 && isBodyOptional(operation))
    return readPart(operation.body, undefined)
  const json = readJson(request as Request, bytes)
  if (!json.ok) return { ok: false, answer: refuseBytes(json.refusal, operation) }
  const answer = operation.refuseBody?.(json.value, request.params)
  return answer ? { ok: false, answer } : readPart(operation.body, json.value)
}

/** Reads a call of the control API off its request, or says how it is refused. */
export async function readControlCall(
  operation: ControlOperation,
  request: Request<Record<string, string>>,
  response: Response,
): Promise<Part<ControlCall<never, never>>> {
  const query = operation.query ? readPart(operation.query, { ...request.query }) : absent
  if (!query.ok) return query
  const body = await readBody(operation, request, response)
  if (!body.ok) return body
  const call = { params: request.params, body: body.value, query: query.value }
  return { ok: true, value: call as ControlCall<never, never> }
}

const segmentsOf = (path: string): string[] => path.split('/').filter(segment => segment !== '')

const isPlaceholder = (segment: string): boolean => segment.startsWith('{')

/** Claims that a path is one of a template; as in the routes, a slash more makes it another one. */
const isPathOf = (template: string, path: string): boolean => {
  const wanted = template.split('/')
  const given = path.split('/')
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) =>
      isPlaceholder(segment) ? given[index] !== '' : segment === given[index],
    )
  )
}

const pairsOf = (word: string): string[] =>
  Array.from({ length: Math.max(0, word.length - 1) }, (_, index) => word.slice(index, index + 2))

/** How alike two words are, from 0 to 1, by the pairs of letters that they share. */
function likeness(a: string, b: string): number {
  const pairs = pairsOf(a.toLowerCase())
  const others = pairsOf(b.toLowerCase())
  const shared = pairs.filter(pair => others.includes(pair)).length
  return pairs.length + others.length === 0 ? 0 : (2 * shared) / (pairs.length + others.length)
}

/** Words are compared in order and where they stand; a placeholder is like nothing, but costs nothing. */
function likenessOfPath(template: string, path: string): number {
  const wanted = segmentsOf(template)
  const given = segmentsOf(path)
  const longest = Math.max(wanted.length, given.length)
  let sum = 0
  for (let place = 0; place < longest; place += 1) {
    const segment = wanted[place]
    const word = given[place]
    if (segment === undefined || word === undefined) sum -= 0.5
    else if (!isPlaceholder(segment)) sum += likeness(segment, word)
  }
  return sum
}

const maxSuggestions = 3

/** What is less like the path, or much less than the best, was not meant. */
const minLikeness = 0.5
const shareOfBest = 0.7

/** The paths that an unknown one was probably meant to be, the most likely first. */
function suggestPaths(path: string, templates: readonly string[]): string[] {
  const ranked = [...new Set(templates)]
    .map(template => ({ template, score: likenessOfPath(template, path) }))
    .toSorted((a, b) => b.score - a.score)
  const least = Math.max(minLikeness, (ranked[0]?.score ?? 0) * shareOfBest)
  return ranked
    .filter(({ score }) => score >= least)
    .slice(0, maxSuggestions)
    .map(({ template }) => template)
}

const whereAllAre = `GET ${controlPrefix}/openapi.json describes all calls`

/** Answers what is no operation: 405 where the path is one, else 404 with the paths that are like it. */
export const refuseUnknown =
  (operations: readonly ControlOperation[]): RequestHandler =>
  ({ method, path }: Request, response) => {
    const methods = operations
      .filter(operation => isPathOf(operation.path, path))
      .map(operation => operation.method)
    if (methods.length > 0) {
      const details = `This path takes ${methods.join(', ')}, not ${method}; ${whereAllAre}`
      const headers = { Allow: methods.join(', ') }
      return writeServiceResponse(response, refuseControl(405, details, { headers }))
    }
    const suggestions = suggestPaths(
      path,
      operations.map(operation => operation.path),
    ).map(template => controlPrefix + template)
    const meant = suggestions.length > 0 ? ` Closest: ${suggestions.join(', ')}.` : ''
    const details = `The control API has no such path.${meant} ${whereAllAre}`
    return writeServiceResponse(response, refuseControl(404, details))
  }

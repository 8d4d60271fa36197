import { nearestWord } from '@sendbox/schema'
import { type ErrorRequestHandler, type Request, type RequestHandler, Router } from 'express'
import { type ServiceResponse, writeServiceResponse } from '../http/response.ts'
import { silentLogger } from '../logger.ts'
import { redactSecrets } from '../redact/secrets.ts'
import type { Services } from '../services.ts'
import { type ControlOperation, controlPrefix, refuseControl } from './operation.ts'
import { controlOperations } from './operations.ts'
import { readControlCall } from './read-call.ts'

/** Server-Sent Events; nginx buffers a response without this header. */
const streamHeaders = { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' }

const serveControl =
  (operation: ControlOperation, services: Services): RequestHandler<Record<string, string>> =>
  async (request, response) => {
    const secrets = services.installs.secretsOf(request.params['accountId'])
    const call = await readControlCall(operation, request, response, secrets)
    const given = call.ok ? await operation.handle(call.value, services) : call.refusal
    if ('stream' in given) {
      response.writeHead(200, streamHeaders).flushHeaders()
      return given.stream(response)
    }
    const result =
      given.status < 400 ? given : { ...given, body: redactSecrets(given.body, secrets) }
    if (operation.method !== 'GET') await services.flush?.()
    return writeServiceResponse(response, result)
  }

const isPlaceholder = (segment: string): boolean => segment.startsWith('{')

/** True if a path matches a template; a trailing slash makes it another path, as in the routes. */
function isPathOf(template: string, path: string): boolean {
  const wanted = template.split('/')
  const given = path.split('/')
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) =>
      isPlaceholder(segment) ? given[index] !== '' : segment === given[index],
    )
  )
}

const segmentsOf = (path: string): string[] => path.split('/').filter(segment => segment !== '')

/** By how many segments a path is too long or too short for a template; infinite if a word is another one, slips aside. */
function distanceTo(template: string, path: string): number {
  const wanted = segmentsOf(template)
  const given = segmentsOf(path)
  const isNear = wanted.every((segment, index) => {
    const word = given[index]
    return (
      word === undefined || isPlaceholder(segment) || nearestWord(word, [segment]) !== undefined
    )
  })
  return isNear && wanted.length > 0
    ? Math.abs(wanted.length - given.length)
    : Number.POSITIVE_INFINITY
}

const maxSuggestions = 3

/** The templates that an unknown path was probably meant to match, the nearest first. */
const suggestPaths = (path: string, templates: readonly string[]): string[] =>
  [...new Set(templates)]
    .map(template => ({ template, distance: distanceTo(template, path) }))
    .filter(({ distance }) => distance <= 1)
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, maxSuggestions)
    .map(({ template }) => controlPrefix + template)

const describedAt = `GET ${controlPrefix}/openapi.json describes all calls`

/** The refusal of an unknown call: 405 if only the method is wrong, else 404 with the nearest paths. */
function refuseUnknown({ method, path }: Request): ServiceResponse {
  const methods = controlOperations
    .filter(operation => isPathOf(operation.path, path))
    .map(operation => operation.method)
  if (methods.length > 0) {
    const details = `This path takes ${methods.join(', ')}, not ${method}; ${describedAt}`
    const headers = { Allow: methods.join(', ') }
    return refuseControl(405, details, { headers })
  }
  const suggestions = suggestPaths(
    path,
    controlOperations.map(operation => operation.path),
  )
  const closest = suggestions.length > 0 ? ` Closest: ${suggestions.join(', ')}.` : ''
  const details = `The control API has no such path.${closest} ${describedAt}`
  return refuseControl(404, details)
}

/** Refuses a path that is no valid percent-encoding; passes other errors on. */
const refuseMalformed: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (!(error instanceof URIError)) return next(error)
  const details = `The path has a % that is no percent-encoding: write it as %25; ${describedAt}`
  return writeServiceResponse(response, refuseControl(400, details))
}

/** Logs each call of the control API, without its query and its body. */
const logControlCalls =
  ({ log }: Services): RequestHandler =>
  ({ method, baseUrl, path }, response, next) => {
    response.once('finish', () => {
      log.debug({ method, path: baseUrl + path, status: response.statusCode }, 'control call')
    })
    next()
  }

/** Mounts {@link controlOperations}; `guardControl` checks access. */
export function createControlRouter(services: Services): Router {
  const router = Router({ caseSensitive: true, strict: true })
  if (services.log !== silentLogger) router.use(logControlCalls(services))
  for (const operation of controlOperations) {
    const method = operation.method.toLowerCase() as 'get' | 'post' | 'put' | 'delete'
    router[method](operation.path.replace(/\{(\w+)\}/g, ':$1'), serveControl(operation, services))
  }
  router.use((request, response) => writeServiceResponse(response, refuseUnknown(request)))
  router.use(refuseMalformed)
  return router
}

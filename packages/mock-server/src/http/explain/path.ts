import { nearestName, nearestWord, type Operation, operations, serviceNames } from '@sendbox/schema'
import { type HostedService, serviceHosts } from '../../service-domains.ts'
import { parametersOf } from '../call.ts'
import { alternativesOf, type Explanation } from './explanation.ts'
import type { Refused } from './refused.ts'

/** Services that connectors confuse with this API, by their paths. Rule: EP-8. */
const siblings: readonly (readonly [RegExp, string])[] = [
  [
    /^\/messaging\/v1(?:\/|$)/i,
    'the Messaging REST API (messagingRestApiDomain), whose header is LP-ON-BEHALF',
  ],
  [/^\/ws_api\/account(?:\/|$)/i, 'the Messaging Window API over WebSocket'],
  [
    /^\/csdr(?:\/|$)/i,
    'CSDR; the Domain API of this twin is GET /api/account/{accountId}/service/baseURI.json?version=1.0',
  ],
  [
    /\/configuration\//i,
    'accountConfigReadWrite, of which app installs alone are imitated: list, show, PUT and DELETE',
  ],
  [/\/(?:login|logout|refresh)$/i, 'agentVep, of which the login of agents alone is imitated'],
]

const ownPath = /^\/(?:sentinel\/)?api\/account\/[^/]+\/(?:messaging|service|consumer|app)(?:\/|$)/i

const namedSibling = (path: string): string | undefined =>
  ownPath.test(path) ? undefined : siblings.find(([form]) => form.test(path))?.[1]

/** Whether a path has the form of a service that the mock does not imitate. Rule: EP-8. */
export const isOtherService = (path: string): boolean =>
  siblings.slice(0, 3).some(([form]) => form.test(path)) ||
  (/^(?:\/[^/]+)?\/api\/account\/[^/]+\/./.test(path) && !ownPath.test(path))

const isPlaceholder = (segment: string): boolean => segment.startsWith('{')

/** Number of segments to be replaced, inserted or removed; a misspelt one counts half. */
function distanceBetween(wanted: readonly string[], given: readonly string[]): number {
  const rows = [given.map((_, index) => index), []] as number[][]
  let row = [...(rows[0] ?? []), given.length]
  for (const [index, segment] of wanted.entries()) {
    const next = [index + 1]
    for (const [column, word] of given.entries()) {
      const isSame = segment === word || isPlaceholder(segment)
      const isNear = isSame || nearestWord(word, [segment]) !== undefined
      const replaced = (row[column] ?? 0) + (isSame ? 0 : isNear ? 0.5 : 1)
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

const segmentsOf = (path: string): string[] => path.split('/').filter(segment => segment !== '')

const toCall = ({ method, path, query }: Operation): string =>
  `${method} ${path}${Object.keys(query).length > 0 ? `?${new URLSearchParams(query).toString()}` : ''}`

const all: readonly Operation[] = Object.values(operations)

const imitatedNames = [...new Set(all.flatMap(({ service }) => service ?? []))]

/** Maximum distance of a path from the one that was probably meant. */
const maxDistance = 1.5

/** The operation whose path is nearest to an unknown one. */
function nearestOperation(path: string, method: string): Operation | undefined {
  const given = segmentsOf(path).slice(0, 20)
  const ranked = all
    .map(operation => ({
      operation,
      distance:
        distanceBetween(segmentsOf(operation.path), given) +
        (operation.method === method ? 0 : 0.1),
    }))
    .toSorted((a, b) => a.distance - b.distance)
  const [nearest] = ranked
  return nearest && nearest.distance <= maxDistance ? nearest.operation : undefined
}

/** A request that is none of an operation. */
interface Unmatched {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

const upgradeOf = ({ headers }: Unmatched): string | undefined =>
  headers['upgrade'] === undefined
    ? undefined
    : 'an Upgrade, while Sendbox imitates plain HTTP alone'

/** Explains a path of another service, which may be a misspelt one of this. Rule: EP-8. */
export function explainOtherService(request: Unmatched): Explanation {
  const sibling = namedSibling(request.path)
  const nearest = sibling ? undefined : nearestOperation(request.path, request.method)
  return {
    part: 'The path',
    expected:
      'one of the Domain API, Sentinel, IDP, SEND, CONVERSATION, file storage, the login of agents or app installs',
    received: `one of ${sibling ?? 'a service that Sendbox does not imitate'}`,
    hint: upgradeOf(request) ?? (nearest && `did you mean ${toCall(nearest)}?`),
  }
}

const isMalformed = (path: string): boolean => {
  try {
    return decodeURIComponent(path) === ''
  } catch {
    return true
  }
}

/** Explains an unknown path. Rule: RES-7. */
export function explainPath(request: Unmatched): Explanation {
  const { path, method } = request
  const part = 'The path'
  if (isMalformed(path))
    return {
      part,
      expected: 'percent escapes of UTF-8, such as %20',
      received: 'a percent sign that begins none',
    }
  const nearest = nearestOperation(path, method)
  const isSame = nearest && distanceBetween(segmentsOf(nearest.path), segmentsOf(path)) === 0
  return {
    part,
    expected: nearest
      ? toCall(nearest)
      : `a path of the Send API, such as ${toCall(operations.send)}`,
    received: upgradeOf(request) ?? (isSame ? 'that with a slash too many' : 'another path'),
    hint: nearest && 'did you mean that one? Paths are case sensitive',
  }
}

/** Explains a host whose service is not imitated. Rules: EP-8.2, EP-8.5. */
export const explainOtherHost = (service: HostedService): Explanation => ({
  part: 'The host',
  expected: `that of the Domain API, or of ${alternativesOf(imitatedNames)}`,
  received: `that of ${service}, a service that Sendbox does not imitate`,
  hint: 'setting domainApi.hosts',
})

/** Explains a path on the host of another service. Rule: EP-8.6. */
export const explainHost = (service: HostedService, own: HostedService): Explanation => ({
  part: 'The host',
  expected:
    own === 'the Domain API' ? 'api.liveperson.net' : `${serviceHosts[own]}, that of ${own}`,
  received: `that of ${service}`,
  hint: 'each service has a host of its own: ask the Domain API; setting domainApi.hosts',
})

/** Explains a method that a path has not. */
export const explainMethod = ({ method }: Unmatched, allowed: string): Explanation => ({
  part: 'The method',
  expected: allowed,
  received: /^[A-Z]{1,10}$/.test(method) ? method : 'another one',
})

/** Explains a version that is not to the letter. Rule: EP-3. */
export function explainVersion({ call: { request } }: Refused): Explanation {
  const given = parametersOf(request)
  const values = given.getAll('v')
  const [value = ''] = values
  const like = [...given.keys()].find(name => /^(?:v|version|ver|api[-_]?version)$/i.test(name))
  const received =
    values.length > 1
      ? `v ${values.length} times`
      : values.length === 1
        ? `v=${/^[\w.]{0,8}$/.test(value) ? value : 'another text'}`
        : like
          ? `the parameter ${like}`
          : 'no v'
  return { part: 'The query', expected: 'v=3, once and to the letter', received }
}

/** Explains a version of the Domain API. Rule: EP-7. */
export function explainDomainVersion({ call: { request } }: Refused): Explanation {
  const { version } = request.query
  const expected = 'version=1.0'
  const value =
    typeof version === 'string' && /^[\w.]{0,8}$/.test(version) ? version : 'another text'
  const received = version === undefined ? 'no version' : `version=${value}`
  return { part: 'The query', expected, received }
}

/** Explains a service that the Domain API does not name. Rules: EP-5, EP-7, EP-8. */
export function explainService({ call: { request } }: Refused): Explanation {
  const nearest = nearestName(request.params['serviceName'] ?? '', serviceNames)
  return {
    part: 'The path',
    expected: alternativesOf(serviceNames),
    received: 'another service',
    hint: nearest && `did you mean "${nearest}"? Names are case sensitive`,
  }
}

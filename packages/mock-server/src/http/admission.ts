import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import { z } from 'zod'
import { parseInput } from '../parse-input.ts'
import { isServiceHost } from '../service-domains.ts'
import { isAddress, matchOwnNames, type OwnNames, toHostName } from './host-name.ts'
import type { RecordRefused } from './record-call.ts'
import { type ServiceResponse, writeServiceResponse } from './response.ts'

const refuse = (status: number, details: string): ServiceResponse => ({
  status,
  body: { title: STATUS_CODES[status], details },
  facts: { hint: details },
})

/** `uri-host [":" port]` of RFC 3986: neither a user nor a path. */
export const hostForm = /^(?:[\w.~!$&'()*+,;=%-]+|\[[\da-f:.]+\])(?::\d*)?$/i

const absoluteForm = /^https?:\/\/([^/?]*)(.*)$/is

/** Makes the host of a request target in absolute-form that of the request, as RFC 9112, 3.2.2 requires; and its path the URL. */
function toOriginForm(request: IncomingMessage): void {
  const [, host, rest = ''] = absoluteForm.exec(request.url ?? '') ?? []
  if (host === undefined) return
  request.headers.host = host
  request.url = rest.startsWith('/') ? rest : `/${rest}`
}

function hasSeveralHosts({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  return hosts > 1
}

/** The refusal of a request whose head has several meanings, or one that the mock does not implement. */
function refuseHead(request: IncomingMessage): ServiceResponse | undefined {
  const { url = '' } = request
  if (!url.startsWith('/')) toOriginForm(request)
  const { host, 'transfer-encoding': coding } = request.headers
  if (!request.url?.startsWith('/') && url !== '*')
    return refuse(400, 'The request target must be a path or an http URL')
  if (hasSeveralHosts(request)) return refuse(400, 'A request has one Host header')
  if (host !== undefined && !hostForm.test(host))
    return refuse(400, 'The Host must be a name or an address, and a port')
  return coding === undefined || coding.toLowerCase() === 'chunked'
    ? undefined
    : refuse(501, 'The only Transfer-Encoding of the mock is chunked')
}

/**
 * Whether the head of a request is sound; if not, writes the response, and ends the connection, whose next bytes cannot be trusted. A
 * target in absolute-form becomes one in origin-form.
 */
export function admitHead(
  request: IncomingMessage,
  response: ServerResponse,
  record: RecordRefused,
): boolean {
  const refused = refuseHead(request)
  if (refused === undefined) return true
  record(request, refused)
  writeServiceResponse(response, { ...refused, headers: { Connection: 'close' } })
  return false
}

/** Origins as browsers write them. */
export const AllowedOriginsSchema = z.array(
  z
    .string()
    .regex(
      /^[a-z][a-z\d+.-]*:\/\/[^\sA-Z/?#@]+$/,
      'an origin such as https://app.example, in lower case',
    ),
)

/** Which web pages may call the imitated services. */
export interface PageOptions extends OwnNames {
  /** Origins of web pages, in lower case. */
  readonly allowedOrigins?: readonly string[] | undefined
}

const sameSites: readonly (string | undefined)[] = ['same-origin', 'same-site', 'none']

/** Whether the page that sends a request is of another site than the host that it requests. */
function isCrossSite(
  { headers: { origin, host, 'sec-fetch-site': site } }: IncomingMessage,
  isOwn: (name: string) => boolean,
): boolean {
  if (site !== undefined) return !sameSites.includes(site.toLowerCase())
  const page = URL.canParse(origin ?? '') ? toHostName(new URL(origin ?? '').host) : undefined
  const name = toHostName(host)
  return (
    page === undefined || name === undefined || (page !== name && !(isOwn(page) && isOwn(name)))
  )
}

/**
 * Creates the check that no foreign web page changes what a test sees: it refuses requests of pages of another site, and of pages under a
 * host name that is not the mock's. Production has no CORS either, so programs send neither `Origin` nor `Sec-Fetch-Site`. Throws a
 * `TypeError` for options that are not valid.
 */
export function createPageCheck(
  options: PageOptions,
  record: RecordRefused,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const isOwn = matchOwnNames(options)
  const allowed = parseInput(AllowedOriginsSchema, options.allowedOrigins ?? [], 'allowedOrigins')
  const isKnownHost = (name: string): boolean =>
    isOwn(name) || isAddress(name) || isServiceHost(name)
  const refusePage = (request: IncomingMessage): ServiceResponse | undefined => {
    const { origin, host } = request.headers
    if (origin !== undefined && allowed.includes(origin)) return undefined
    if (isCrossSite(request, isOwn))
      return refuse(
        403,
        'Web pages of another site may not call this service, which has no CORS in production either: name their origin in allowedOrigins (--allowed-origins)',
      )
    return origin === undefined || isKnownHost(toHostName(host) ?? '')
      ? undefined
      : refuse(
          403,
          'Web pages may not call this service under this Host: name it in allowedHosts (--allowed-hosts)',
        )
  }
  return (request, response) => {
    const { origin, 'sec-fetch-site': site } = request.headers
    if (origin === undefined && site === undefined) return true
    const refused = refusePage(request)
    if (refused === undefined) return true
    record(request, refused)
    writeServiceResponse(response, refused)
    return false
  }
}

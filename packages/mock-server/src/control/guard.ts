import { createHash, timingSafeEqual } from 'node:crypto'
import { allowsPlainHttp } from '@sendbox/schema'
import type { Request, RequestHandler } from 'express'
import {
  isAddress,
  isLoopbackAddress,
  matchOwnNames,
  type OwnNames,
  toHostName,
} from '../http/host-name.ts'
import { type ServiceResponse, writeServiceResponse } from '../http/response.ts'
import { isTunnelled } from '../tls/connections.ts'
import { refuseControl } from './operation.ts'

/** Who may call the control API. */
export interface ControlGuardOptions extends OwnNames {
  /**
   * The bearer token that all calls but `/health` and `/ready` require, on any address; without one the control API is closed off loopback.
   * @default none
   */
  readonly controlToken?: string | undefined
}

const toDigest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Digests have one length, so that the comparison's time depends on nothing of the token. */
const isToken = (authorization: string, token: string): boolean => {
  const [, given] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
  return given !== undefined && timingSafeEqual(toDigest(given), toDigest(token))
}

const challenge = { headers: { 'WWW-Authenticate': 'Bearer realm="sendbox"' } }

/** Calls that say only whether the mock runs, for probes that have no token. */
const probes: readonly string[] = ['/health', '/ready']

/** The bearer token: an invalid one is refused everywhere, a missing one everywhere but at probes. */
function refuseToken(request: Request, token: string): ServiceResponse | undefined {
  const authorization = request.get('authorization')
  if (authorization === undefined && probes.includes(request.path)) return undefined
  if (authorization !== undefined && isToken(authorization, token)) return undefined
  return refuseControl(
    401,
    'The control API requires the control token that the mock was started with, as "Authorization: Bearer <token>"',
    challenge,
  )
}

/** Without a token the control API is open to this machine only. */
const refuseOffLoopback = (isLocal: boolean): ServiceResponse | undefined =>
  isLocal
    ? undefined
    : refuseControl(
        403,
        'The control API is open on a loopback address only: ask it at http://127.0.0.1, or start the mock with a control token (controlToken) and send it as "Authorization: Bearer <token>"',
      )

/** In a tunnel the client means another server, which has no control API. */
const refuseTunnel = ({ socket }: Request): ServiceResponse | undefined =>
  isTunnelled(socket)
    ? refuseControl(403, 'The control API is not open through CONNECT: ask at http://127.0.0.1')
    : undefined

/**
 * DNS rebinding: a web page reaches the mock under a name of the attacker's that resolves to it. Off loopback, addresses and names inside a
 * network pass too, which no public DNS resolves.
 */
function refuseName(
  request: Request,
  isOwn: (name: string) => boolean,
  isLocal: boolean,
): ServiceResponse | undefined {
  const host = request.get('host')
  if (host === undefined) return undefined
  const name = toHostName(host)
  const isKnown =
    name !== undefined && (isOwn(name) || (!isLocal && (isAddress(name) || allowsPlainHttp(name))))
  return isKnown
    ? undefined
    : refuseControl(
        403,
        'The control API is not open under the Host that was asked: ask at http://127.0.0.1, or name the host in allowedHosts (--allowed-hosts)',
      )
}

const isSafe = ({ method }: Request): boolean => method === 'GET' || method === 'HEAD'

/** Cross-site requests: browsers send the page's origin, which must be the mock's own, and how it relates to the mock's. */
function refusePage(request: Request): ServiceResponse | undefined {
  const origin = request.get('origin')
  const site = request.get('sec-fetch-site') ?? 'none'
  const isOwn =
    origin === undefined
      ? isSafe(request) || site === 'same-origin' || site === 'none'
      : URL.canParse(origin) && new URL(origin).host === request.get('host')?.toLowerCase()
  return isOwn
    ? undefined
    : refuseControl(
        403,
        'The control API is not open to pages of another Origin: ask at http://127.0.0.1, from a program',
      )
}

/** Browsers show no response to another site, guess no type of it, and store none: it may have tokens and texts. */
const securityHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
}

/**
 * Creates the access check: the control token where there is one, else only loopback; and never a foreign web page. A valid token lifts no
 * other check. Throws a `TypeError` for a token that is no valid header value.
 */
export function guardControl(options: ControlGuardOptions): RequestHandler {
  const { controlToken } = options
  if (controlToken !== undefined && !/^[\x21-\x7e]+$/.test(controlToken))
    throw new TypeError(
      'controlToken must be one or more visible ASCII characters, without blanks; leave it out to keep the control API on loopback',
    )
  const isOwn = matchOwnNames(options)
  return (request, response, next) => {
    const isLocal = isLoopbackAddress(request.socket.localAddress ?? '')
    const refused =
      (controlToken === undefined
        ? refuseOffLoopback(isLocal)
        : refuseToken(request, controlToken)) ??
      refuseTunnel(request) ??
      refuseName(request, isOwn, isLocal) ??
      refusePage(request)
    response.set(securityHeaders)
    if (refused) writeServiceResponse(response, refused)
    else next()
  }
}

/** Creates the access check of static files, which hold no data: no foreign name, and no tunnel. */
export function guardPage(options: OwnNames): RequestHandler {
  const isOwn = matchOwnNames(options)
  return (request, response, next) => {
    const isLocal = isLoopbackAddress(request.socket.localAddress ?? '')
    const refused = refuseTunnel(request) ?? refuseName(request, isOwn, isLocal)
    if (refused) writeServiceResponse(response, refused)
    else next()
  }
}

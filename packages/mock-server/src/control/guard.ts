import { createHash, timingSafeEqual } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import type { Request, RequestHandler } from 'express'
import { type ServiceResponse, writeServiceResponse } from '../http/response.ts'
import { refuseControl } from './operation.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** True if an IP address is a loopback one, IPv4 in IPv6 notation included. */
export const isLoopbackAddress = (address: string): boolean =>
  loopback.check(address, address.includes(':') ? 'ipv6' : 'ipv4')

/** True if the host of a URL is a loopback IP address. */
export const isLoopbackUrl = (url: string): boolean =>
  isLoopbackAddress(new URL(url).hostname.replace(/^\[|\]$/g, ''))

/** Who may call the control API. */
export interface ControlGuardOptions {
  /**
   * The bearer token that opens the control API on any address; without one it is closed off loopback.
   * @default none
   */
  readonly controlToken?: string | undefined
  /**
   * The host name that the mock listens on, which the `Host` header may have besides a loopback name.
   * @default none
   */
  readonly host?: string | undefined
}

const toDigest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Digests have one length, so that the comparison's time depends on nothing of the token. */
const hasToken = (request: Request, token: string): boolean => {
  const [, given] = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '') ?? []
  return given !== undefined && timingSafeEqual(toDigest(given), toDigest(token))
}

const nameOf = (host: string): string | undefined => {
  const url = `http://${host}`
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : undefined
}

const isLoopbackName = (name: string): boolean =>
  name === 'localhost' ||
  name.endsWith('.localhost') ||
  (isIP(name) !== 0 && isLoopbackAddress(name))

const advice = 'ask at http://127.0.0.1, or start the mock with a control token and send it'

/** DNS rebinding: a web page reaches the mock under a name of the attacker's that resolves to this machine. */
function refuseName(request: Request, ownHost: string | undefined): ServiceResponse | undefined {
  const host = request.get('host')
  if (host === undefined) return undefined
  const name = nameOf(host)
  const isOwn = name !== undefined && (isLoopbackName(name) || name === ownHost?.toLowerCase())
  return isOwn
    ? undefined
    : refuseControl(403, `The control API is not open under the Host that was asked: ${advice}`)
}

/** Cross-site requests: browsers send the page's origin, which must be the mock's own. */
function refuseOrigin(request: Request): ServiceResponse | undefined {
  const origin = request.get('origin')
  if (origin === undefined) return undefined
  const isOwn = URL.canParse(origin) && new URL(origin).host === request.get('host')?.toLowerCase()
  return isOwn
    ? undefined
    : refuseControl(403, `The control API is not open to pages of another Origin: ${advice}`)
}

const challenge = { headers: { 'WWW-Authenticate': 'Bearer realm="sendbox"' } }

/** The refusal of a request without access, `undefined` for one with access. */
function refuseRequest(
  request: Request,
  { controlToken, host }: ControlGuardOptions,
): ServiceResponse | undefined {
  if (controlToken !== undefined && hasToken(request, controlToken)) return undefined
  if (isLoopbackAddress(request.socket.localAddress ?? ''))
    return refuseName(request, host) ?? refuseOrigin(request)
  return controlToken === undefined
    ? refuseControl(
        403,
        'The control API is open on a loopback address only: ask it at http://127.0.0.1, or start the mock with a control token (controlToken) and send it as "Authorization: Bearer <token>"',
      )
    : refuseControl(
        401,
        'Off loopback the control API wants the control token that the mock was started with, as "Authorization: Bearer <token>"',
        challenge,
      )
}

/**
 * Creates the access check: on loopback every program but no foreign web page, elsewhere requests with the control token.
 * Throws a `TypeError` for a token that is no valid header value.
 */
export function guardControl(options: ControlGuardOptions): RequestHandler {
  const { controlToken } = options
  if (controlToken !== undefined && !/^[\x21-\x7e]+$/.test(controlToken))
    throw new TypeError(
      'controlToken must be one or more visible ASCII characters, without blanks; leave it out to keep the control API on loopback',
    )
  return (request, response, next) => {
    const refused = refuseRequest(request, options)
    if (refused) writeServiceResponse(response, refused)
    else next()
  }
}

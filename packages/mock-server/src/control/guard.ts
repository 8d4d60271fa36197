import { createHash, timingSafeEqual } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import type { Request, RequestHandler } from 'express'
import { type ServiceResponse, writeServiceResponse } from '../http/response.ts'
import { refuseControl } from './operation.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Claims that an IP address is this machine's own loopback; IPv4 in IPv6 notation counts. */
export const isLoopbackAddress = (address: string): boolean =>
  loopback.check(address, address.includes(':') ? 'ipv6' : 'ipv4')

/** Claims that a URL whose host is an IP address stays on this machine. */
export const isLoopbackUrl = (url: string): boolean =>
  isLoopbackAddress(new URL(url).hostname.replace(/^\[|\]$/g, ''))

/** Who may steer the mock. */
export interface ControlGuardOptions {
  /**
   * The bearer token that opens the control API on any address; without one it is closed off loopback.
   * @default none
   */
  readonly controlToken?: string | undefined
  /**
   * The name that the mock listens on, which a request may call it by as well as by a loopback name.
   * @default none
   */
  readonly host?: string | undefined
}

const toDigest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** The digests are of one length, so that the comparison tells nothing of the token. */
const bearsToken = (request: Request, token: string): boolean => {
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

const wayIn = 'ask at http://127.0.0.1, or start the mock with a control token and send it'

/** A name that an attacker's DNS points at this machine reaches the mock out of a browser. */
function refuseName(request: Request, ownHost: string | undefined): ServiceResponse | undefined {
  const host = request.get('host')
  if (host === undefined) return undefined
  const name = nameOf(host)
  const isOwn = name !== undefined && (isLoopbackName(name) || name === ownHost?.toLowerCase())
  return isOwn
    ? undefined
    : refuseControl(403, `The control API is not open under the Host that was asked: ${wayIn}`)
}

/** A browser names the page that asks; only the mock's own pages may. */
function refuseOrigin(request: Request): ServiceResponse | undefined {
  const origin = request.get('origin')
  if (origin === undefined) return undefined
  const isOwn = URL.canParse(origin) && new URL(origin).host === request.get('host')?.toLowerCase()
  return isOwn
    ? undefined
    : refuseControl(403, `The control API is not open to pages of another Origin: ${wayIn}`)
}

const challenge = { headers: { 'WWW-Authenticate': 'Bearer realm="sendbox"' } }

/** The answer to a request that may not steer the mock. */
function refuseRequest(
  request: Request,
  { controlToken, host }: ControlGuardOptions,
): ServiceResponse | undefined {
  if (controlToken !== undefined && bearsToken(request, controlToken)) return undefined
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
 * Lets through who may steer the mock: on loopback every program but no foreign web page, elsewhere who has the control token.
 * Throws a `TypeError` for a token that no header can carry.
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

import { BlockList, isIP } from 'node:net'
import { z } from 'zod'
import { parseInput } from '../parse-input.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Whether an IP address is a loopback one, IPv4 in IPv6 notation included. */
export const isLoopbackAddress = (address: string): boolean =>
  loopback.check(address, address.includes(':') ? 'ipv6' : 'ipv4')

/** The host of a URL as the system has it: an IPv6 address without its brackets. */
export const withoutBrackets = (hostname: string): string => hostname.replace(/^\[|\]$/g, '')

/** Whether the host of a URL is a loopback IP address. */
export const isLoopbackUrl = (url: string): boolean =>
  isLoopbackAddress(withoutBrackets(new URL(url).hostname))

/** The name or the address of a `Host` header, without port and brackets, as a URL writes it; `undefined` for none. */
export const toHostName = (host: string | undefined): string | undefined => {
  const url = `http://${host ?? ''}`
  return URL.canParse(url) ? withoutBrackets(new URL(url).hostname) : undefined
}

/** Whether a host is an IP address. */
export const isAddress = (name: string): boolean => isIP(name) !== 0

/** Whether a host is a name or an address of this machine. */
const isLoopbackName = (name: string): boolean =>
  name === 'localhost' ||
  name.endsWith('.localhost') ||
  (isAddress(name) && isLoopbackAddress(name))

/** Host names without a port, or IP addresses. */
export const AllowedHostsSchema = z.array(
  z
    .string()
    .refine(
      name => isAddress(name) || /^[\w-]+(?:\.[\w-]+)*$/.test(name),
      'a host name without a port',
    ),
)

/** Names under which a mock may be requested besides those of this machine. */
export interface OwnNames {
  /** The address or the name that the mock listens on. */
  readonly host?: string | undefined
  /** Further host names of the mock, without a port. */
  readonly allowedHosts?: readonly string[] | undefined
}

const toOwnName = (name: string): string | undefined =>
  toHostName(isIP(name) === 6 ? `[${name}]` : name)

/**
 * Creates the check of whether a host is one of this machine or one of the own names. Throws a `TypeError` for `allowedHosts` that are no
 * host names.
 */
export function matchOwnNames({ host, allowedHosts = [] }: OwnNames): (name: string) => boolean {
  const names = parseInput(AllowedHostsSchema, allowedHosts, 'allowedHosts')
  const own = [...(host === undefined ? [] : [host]), ...names].map(toOwnName)
  return name => isLoopbackName(name) || own.includes(name)
}

import { BlockList } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Claims that an IP address is this machine's own loopback; IPv4 in IPv6 notation counts. */
export const isLoopbackAddress = (address: string): boolean =>
  loopback.check(address, address.includes(':') ? 'ipv6' : 'ipv4')

/** Claims that a URL whose host is an IP address stays on this machine. */
export const isLoopbackUrl = (url: string): boolean =>
  isLoopbackAddress(new URL(url).hostname.replace(/^\[|\]$/g, ''))

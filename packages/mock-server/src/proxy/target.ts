import { type LookupAddress, lookup } from 'node:dns'
import { BlockList, type LookupFunction } from 'node:net'
import { networkInterfaces } from 'node:os'
import { isMetadataHost } from '@sendbox/schema'
import { isAddress } from '../http/host-name.ts'
import { RefusedTarget } from '../tls/shared-port.ts'

/** The refusal of a target that is closed. */
export const refuseClosed = (host: string): RefusedTarget =>
  new RefusedTarget(
    `The mock passes nothing on to loopback, link-local and its own addresses, as ${host} is one: name it in NO_PROXY, so that your program asks it directly`,
  )

const unspecified: readonly string[] = ['0.0.0.0', '::']

/** Whether an address is neither this machine's own, nor one that only this machine or its link has. */
type IsOpen = (address: string) => boolean

/** The addresses that the mock listens on. */
const ownAddresses = (host: string): readonly string[] =>
  unspecified.includes(host)
    ? Object.values(networkInterfaces()).flatMap(list => list?.map(({ address }) => address) ?? [])
    : [host].filter(isAddress)

const familyOf = (address: string) => (address.includes(':') ? 'ipv6' : 'ipv4')

/** Creates the check of an address for a mock that listens on `host`. */
function checkAddresses(host: string): IsOpen {
  const closed = new BlockList()
  closed.addSubnet('0.0.0.0', 8, 'ipv4')
  closed.addSubnet('127.0.0.0', 8, 'ipv4')
  closed.addSubnet('169.254.0.0', 16, 'ipv4')
  closed.addAddress('::', 'ipv6')
  closed.addAddress('::1', 'ipv6')
  closed.addSubnet('fe80::', 10, 'ipv6')
  for (const address of ownAddresses(host)) closed.addAddress(address, familyOf(address))
  return address =>
    !closed.check(address, familyOf(address)) &&
    !isMetadataHost(new URL(`http://${address.includes(':') ? `[${address}]` : address}`).hostname)
}

/** The hosts that a proxy may connect to: names are looked up, and refused by their addresses. */
export interface Targets {
  /** Whether an address, or a name without a look-up, is closed. */
  isClosed(host: string): boolean
  /** Looks a name up as `net.connect` does; fails with a {@link RefusedTarget} where an address of it is closed. */
  readonly lookup: LookupFunction
}

const localName = /(?:^|\.)localhost\.?$/i

/** Creates the check of what a mock that listens on `host` passes on to. */
export function createTargets(host: string): Targets {
  const isOpen = checkAddresses(host)
  return {
    isClosed: name =>
      isAddress(name) ? !isOpen(name) : localName.test(name) || isMetadataHost(name),
    lookup(name, options, done) {
      lookup(name, options, (error, found: string | LookupAddress[], family?: number) => {
        const addresses = typeof found === 'string' ? [found] : found?.map(one => one.address)
        const isClosed = error === null && !addresses.every(isOpen)
        done(isClosed ? refuseClosed(name) : error, found, family)
      })
    },
  }
}

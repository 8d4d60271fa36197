import { BlockList, isIP } from 'node:net'
import { type Webhooks, webhookEventTypes } from '@sendbox/schema'
import type { z } from 'zod'

const localAddresses = new BlockList()
localAddresses.addSubnet('127.0.0.0', 8, 'ipv4')
localAddresses.addSubnet('10.0.0.0', 8, 'ipv4')
localAddresses.addSubnet('172.16.0.0', 12, 'ipv4')
localAddresses.addSubnet('192.168.0.0', 16, 'ipv4')
localAddresses.addAddress('::1', 'ipv6')
localAddresses.addSubnet('fc00::', 7, 'ipv6')

/** True for names that no public host has: without a dot, as in a container network, or under a local domain. */
const isLocalName = (name: string): boolean =>
  !name.includes('.') || /\.(?:localhost|local|internal|test)$/.test(name)

/** True for this machine and for hosts of the local network, which production never reaches. */
function isLocalHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '')
  const version = isIP(host)
  return version === 0 ? isLocalName(host) : localAddresses.check(host, `ipv${version as 4 | 6}`)
}

const isRefused = (endpoint: string): boolean => {
  if (!URL.canParse(endpoint)) return false
  const { protocol, hostname } = new URL(endpoint)
  return protocol === 'http:' && !isLocalHost(hostname)
}

/** Refuses webhook endpoints with plain http, except on loopback and the local network. Rule: WH-13. */
export const refusePlainHttp: z.core.CheckFn<{ webhooks?: Webhooks | undefined } | undefined> = ({
  value,
  issues,
}) => {
  for (const eventType of webhookEventTypes) {
    const endpoint = value?.webhooks?.[eventType]?.endpoint
    if (endpoint === undefined || !isRefused(endpoint)) continue
    issues.push({
      code: 'custom',
      // One level up: the schema replaces all problems of an endpoint by a message of its own.
      path: ['webhooks', eventType],
      input: value?.webhooks?.[eventType],
      message: 'an endpoint with https; http only goes to loopback and the local network',
    })
  }
}

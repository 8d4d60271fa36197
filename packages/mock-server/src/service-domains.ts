import type { ServiceName } from '@sendbox/schema'

/** Domains of the hosts that LivePerson's services are at; a connector has them built in, or from the Domain API. */
export const serviceDomains = ['liveperson.net', 'liveperson.com', 'lprnd.net'] as const

/** Whether a host name, in lower case, is one of LivePerson's. */
export const isServiceHost = (name: string): boolean =>
  serviceDomains.some(domain => name === domain || name.endsWith(`.${domain}`))

/** A host of its own for each service, in LivePerson's form. Rule: EP-8.5. */
export const serviceHosts: Readonly<Record<ServiceName, string>> = {
  asyncMessagingEnt: 'va.msg.liveperson.net',
  sentinel: 'va.sentinel.liveperson.net',
  idp: 'va.idp.liveperson.net',
  swift: 'va.objectstorage.liveperson.net',
  accountConfigReadWrite: 'va.ac.liveperson.net',
  msgHist: 'va.msghist.liveperson.net',
  agentVep: 'va.agentvep.liveperson.net',
  messagingRestApiDomain: 'va.messaging-rest.liveperson.net',
  faasGW: 'va.faasgw.liveperson.net',
  faasUI: 'va.faasui.liveperson.net',
  facadeMsg: 'va.facademsg.liveperson.net',
  appMgmtSvcDomain: 'va.appmgmt.liveperson.net',
  agentManagerWorkspace: 'va.agentmanager.liveperson.net',
}

/** The service of a host, or the Domain API, which connectors ask for the others. */
export type HostedService = ServiceName | 'the Domain API'

const servicesByHost: ReadonlyMap<string, HostedService> = new Map<string, HostedService>([
  ['api.liveperson.net', 'the Domain API'],
  ['adminlogin.liveperson.net', 'the Domain API'],
  ...Object.entries(serviceHosts).map(([service, host]) => [host, service as ServiceName] as const),
])

/** The service of a host name, in lower case; `undefined` for one that has none of its own. Rule: EP-8.5. */
export const serviceAt = (hostName: string): HostedService | undefined =>
  servicesByHost.get(hostName.replace(/\.$/, ''))

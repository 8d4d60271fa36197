/** Domains of the hosts that LivePerson's services are at; a connector has them built in, or from the Domain API. */
export const serviceDomains = ['liveperson.net', 'liveperson.com', 'lprnd.net'] as const

/** Whether a host name, in lower case, is one of LivePerson's. */
export const isServiceHost = (name: string): boolean =>
  serviceDomains.some(domain => name === domain || name.endsWith(`.${domain}`))

/** The hosts that an answer of the Domain API names, in any of its shapes. Rules: EP-5, EP-6. */
export function hostsIn(json: unknown): string[] {
  if (typeof json !== 'object' || json === null) return []
  return Object.entries(json).flatMap(([name, value]) =>
    name === 'baseURI' && typeof value === 'string' ? [value] : hostsIn(value),
  )
}

/** Puts other hosts in the place of those that an answer of the Domain API names. */
export function replaceHosts(json: unknown, hosts: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(json)) return json.map(item => replaceHosts(item, hosts))
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) =>
      name === 'baseURI' && typeof value === 'string'
        ? [name, hosts.get(value) ?? value]
        : [name, replaceHosts(value, hosts)],
    ),
  )
}

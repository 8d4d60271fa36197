/** Puts variables in the place of ids, times and signatures. */
export interface ValueBinder {
  /** Binds a value to a name, or to the name with a number where it is taken. */
  bind(name: string, value: string): void
  /** Binds whatever an answer hands out: ids, places of files, their signatures and times. */
  learn(answer: unknown): void
  /** JSON with variables for what is bound. */
  toPattern(json: unknown): unknown
  isBound(value: string): boolean
}

/** What an answer may hand out for later calls, and the name of its variable. Rules: RES-4, URL-3. */
const handedOut: Readonly<Record<string, string>> = {
  conversationId: 'conversationId',
  relativePath: 'relativePath',
  temp_url_sig: 'signature',
  temp_url_expires: 'expires',
}

/** Makes a binder that knows nothing yet. */
export function createValueBinder(): ValueBinder {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  const bind = (name: string, value: string): void => {
    if (names.has(value)) return
    let free = name
    for (let number = 2; taken.has(free); number += 1) free = `${name}${number}`
    taken.add(free)
    names.set(value, free)
  }
  const learn = (answer: unknown): void => {
    if (typeof answer !== 'object' || answer === null) return
    for (const [key, value] of Object.entries(answer)) {
      const name = Object.hasOwn(handedOut, key) ? handedOut[key] : undefined
      if (name !== undefined && typeof value === 'string') bind(name, value)
      else learn(value)
    }
  }
  const toPattern = (json: unknown): unknown => {
    if (typeof json === 'string') {
      const name = names.get(json)
      return name === undefined ? json : { $: name }
    }
    if (Array.isArray(json)) return json.map(toPattern)
    if (typeof json !== 'object' || json === null) return json
    return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, toPattern(value)]))
  }
  return { bind, learn, toPattern, isBound: value => names.has(value) }
}

import { fieldsIn, mapStrings } from '../json.ts'

/** Replaces ids, times and signatures by variables. */
export interface ValueBinder {
  /** Binds a value to a name; adds a number if the name is used. */
  bind(name: string, value: string): void
  /** Binds every id, path of a file, signature and time in a response. */
  learn(response: unknown): void
  /** JSON with variables in place of bound values. */
  toPattern(json: unknown): unknown
  isBound(value: string): boolean
}

/** The fields of responses that later calls repeat, and the names of their variables. Rules: RES-4, URL-3. */
const variableNames: Readonly<Record<string, string>> = {
  conversationId: 'conversationId',
  relativePath: 'relativePath',
  temp_url_sig: 'signature',
  temp_url_expires: 'expires',
}

/** Creates a binder without values. */
export function createValueBinder(): ValueBinder {
  const names = new Map<string, string>()
  const used = new Set<string>()
  const bind = (name: string, value: string): void => {
    if (names.has(value)) return
    let free = name
    for (let number = 2; used.has(free); number += 1) free = `${name}${number}`
    used.add(free)
    names.set(value, free)
  }
  const learn = (response: unknown): void => {
    for (const [key, value] of fieldsIn(response)) {
      const name = Object.hasOwn(variableNames, key) ? variableNames[key] : undefined
      if (name !== undefined && typeof value === 'string') bind(name, value)
    }
  }
  const toPattern = (json: unknown): unknown =>
    mapStrings(json, text => {
      const name = names.get(text)
      return name === undefined ? text : { $: name }
    })
  return { bind, learn, toPattern, isBound: value => names.has(value) }
}

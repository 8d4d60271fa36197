import { fieldsIn, mapStrings } from '../json.ts'

/** The fields of responses that later calls repeat, and the names of their variables. Rules: RES-4, URL-3. */
const variableNames: Readonly<Record<string, string>> = {
  conversationId: 'conversationId',
  relativePath: 'relativePath',
  temp_url_sig: 'signature',
  temp_url_expires: 'expires',
}

/** Replaces ids, times and signatures by variables. */
export class ValueBinder {
  /** The names of variables, by their values. */
  readonly #names = new Map<string, string>()

  /** Binds a value to a name; adds a number if the name is used. */
  bind(name: string, value: string): void {
    if (this.isBound(value)) return
    const used = new Set(this.#names.values())
    let free = name
    for (let number = 2; used.has(free); number += 1) free = `${name}${number}`
    this.#names.set(value, free)
  }

  /** Binds every id, path of a file, signature and time in a response. */
  learn(response: unknown): void {
    for (const [key, value] of fieldsIn(response)) {
      const name = Object.hasOwn(variableNames, key) ? variableNames[key] : undefined
      if (name !== undefined && typeof value === 'string') this.bind(name, value)
    }
  }

  /** JSON with variables in place of bound values. */
  toPattern(json: unknown): unknown {
    return mapStrings(json, text => {
      const name = this.#names.get(text)
      return name === undefined ? text : { $: name }
    })
  }

  isBound(value: string): boolean {
    return this.#names.has(value)
  }
}

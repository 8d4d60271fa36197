import { createHash, randomBytes } from 'node:crypto'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { v4 } from 'uuid'

const largestByte = 255

/** Makes ids: from a seed, which gives each account a sequence of its own, or from the system's randomness. */
export class RandomSource {
  readonly #seed: string | undefined
  readonly #generators = new Map<string, RandomGenerator>()

  constructor(seed?: string) {
    this.#seed = seed
  }

  #generatorOf(accountId: string, seed: string): RandomGenerator {
    const known = this.#generators.get(accountId)
    if (known) return known
    const digest = createHash('sha256')
      .update(JSON.stringify([seed, accountId]))
      .digest()
    const generator = xoroshiro128plus(digest.readInt32BE())
    this.#generators.set(accountId, generator)
    return generator
  }

  #bytes(accountId: string, length: number): Uint8Array {
    if (this.#seed === undefined) return randomBytes(length)
    const generator = this.#generatorOf(accountId, this.#seed)
    return Uint8Array.from({ length }, () => uniformInt(generator, 0, largestByte))
  }

  uuid(accountId: string): string {
    return v4({ random: this.#bytes(accountId, 16) })
  }

  /** 22 characters of base64url. Rule: UPD-3. */
  dialogId(accountId: string): string {
    return Buffer.from(this.#bytes(accountId, 16)).toString('base64url')
  }

  /** Begins every sequence anew. */
  reset(): void {
    this.#generators.clear()
  }
}

import { createHash, randomBytes, randomInt } from 'node:crypto'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { v4 } from 'uuid'
import { z } from 'zod'

/** Where a sequence of ids stands: the state of its generator. */
export const RandomSnapshotSchema = z.array(z.int()).length(4).readonly()
export type RandomSnapshot = z.output<typeof RandomSnapshotSchema>

const maxByte = 255

/** How many fractions the system's randomness tells apart. */
const systemFractions = 2 ** 48 - 1

const toGenerator = (parts: readonly string[]): RandomGenerator =>
  xoroshiro128plus(createHash('sha256').update(JSON.stringify(parts)).digest().readInt32BE())

/** Makes ids: from a seed, which gives each account a sequence of its own, or from the system's randomness. */
export class RandomSource {
  readonly #seed: string | undefined
  readonly #generators = new Map<string, RandomGenerator>()

  constructor(seed?: string) {
    this.#seed = seed
  }

  /** A sequence that was restored goes on without a seed, too. */
  #generatorOf(accountId: string): RandomGenerator | undefined {
    const known = this.#generators.get(accountId)
    if (known || this.#seed === undefined) return known
    const generator = toGenerator([this.#seed, accountId])
    this.#generators.set(accountId, generator)
    return generator
  }

  #bytes(accountId: string, length: number): Uint8Array {
    const generator = this.#generatorOf(accountId)
    if (generator === undefined) return randomBytes(length)
    return Uint8Array.from({ length }, () => uniformInt(generator, 0, maxByte))
  }

  uuid(accountId: string): string {
    return v4({ random: this.#bytes(accountId, 16) })
  }

  /** 22 characters of base64url. Rule: UPD-3. */
  dialogId(accountId: string): string {
    return Buffer.from(this.#bytes(accountId, 16)).toString('base64url')
  }

  /** Begins a sequence of numbers from 0 to below 1 that bears a name: it takes nothing from that of the ids, nor from another name's. */
  fractions(accountId: string, name: string): () => number {
    if (this.#seed === undefined) return () => randomInt(systemFractions) / systemFractions
    const generator = toGenerator([this.#seed, accountId, name])
    return () => uniformFloat64(generator)
  }

  /** The accounts that have a sequence of ids. */
  accountIds(): string[] {
    return [...this.#generators.keys()]
  }

  /** Begins an account's sequence of ids anew. */
  reset(accountId: string): void {
    this.#generators.delete(accountId)
  }

  /** Says where an account's sequence of ids stands; `undefined` where ids are the system's. */
  snapshot(accountId: string): RandomSnapshot | undefined {
    return this.#generatorOf(accountId)?.getState()
  }

  /** Lets an account's sequence of ids go on from where another one stood. */
  restore(accountId: string, state: RandomSnapshot): void {
    this.#generators.set(accountId, xoroshiro128plusFromState(state))
  }
}

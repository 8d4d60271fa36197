import { createHash, randomBytes, randomInt } from 'node:crypto'
import { boundedArray } from '@sendbox/schema'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { v4 } from 'uuid'
import { z } from 'zod'
import { type AccountPart, type PartDocument, ValuePart } from './account-part.ts'

/** The state of an id sequence's generator. */
export const RandomSnapshotSchema = boundedArray(z.int32())
  .length(4)
  .refine(state => state.some(part => part !== 0), 'a number other than 0')
  .readonly()
export type RandomSnapshot = z.output<typeof RandomSnapshotSchema>

const maxByte = 255

/** Number of different fractions from the system's randomness. */
const systemFractions = 2 ** 48 - 1

const toGenerator = (parts: readonly string[]): RandomGenerator =>
  xoroshiro128plus(createHash('sha256').update(JSON.stringify(parts)).digest().readInt32BE())

/** Creates ids: from a seed, with a separate sequence per account, or from the system's randomness. */
export class RandomSource
  extends ValuePart<RandomGenerator>
  implements AccountPart<{ random?: RandomSnapshot }>
{
  readonly #seed: string | undefined

  readonly document: PartDocument<RandomSnapshot> = {
    name: 'random',
    capture: accountId => this.values.get(accountId)?.getState(),
    restore: (accountId, random) => {
      this.reset(accountId)
      if (random) this.restore(accountId, { random })
    },
  }

  constructor(seed?: string) {
    super()
    this.#seed = seed
  }

  /** A restored sequence has a generator even without a seed. */
  #generatorOf(accountId: string): RandomGenerator | undefined {
    const known = this.values.get(accountId)
    return known ?? (this.#seed === undefined ? undefined : toGenerator([this.#seed, accountId]))
  }

  #bytes(accountId: string, length: number): Uint8Array {
    const generator = this.#generatorOf(accountId)
    if (generator === undefined) return randomBytes(length)
    this.values.set(accountId, generator)
    return Uint8Array.from({ length }, () => uniformInt(generator, 0, maxByte))
  }

  /** Another source with the same seed, at the start of its sequences. */
  fresh(): RandomSource {
    return new RandomSource(this.#seed)
  }

  uuid(accountId: string): string {
    return v4({ random: this.#bytes(accountId, 16) })
  }

  /** 22 characters of base64url. Rule: UPD-3. */
  dialogId(accountId: string): string {
    return Buffer.from(this.#bytes(accountId, 16)).toString('base64url')
  }

  /** Starts an independent, named random stream of numbers in [0, 1); it does not advance the id sequence. */
  fractions(accountId: string, name: string): () => number {
    if (this.#seed === undefined) return () => randomInt(systemFractions) / systemFractions
    const generator = toGenerator([this.#seed, accountId, name])
    return () => uniformFloat64(generator)
  }

  /** `random` is absent where ids are the system's. */
  snapshot(accountId: string): { random?: RandomSnapshot } {
    const random = this.#generatorOf(accountId)?.getState()
    return random ? { random } : {}
  }

  /** Continues the id sequence of the snapshot; without one, the account keeps its own. */
  restore(accountId: string, { random }: { random?: RandomSnapshot }): void {
    if (random) this.values.set(accountId, xoroshiro128plusFromState(random))
  }
}

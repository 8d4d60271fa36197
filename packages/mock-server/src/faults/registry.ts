import type { z } from 'zod'
import type { RandomSource } from '../accounts/random-source.ts'
import { parseInput } from '../parse-input.ts'
import type { Updates } from '../updates.ts'
import type { AnyFault, Delay } from './fault.ts'

/** A kind of faults: of calls, or of webhooks. */
export interface FaultKind<Subject, Fault extends AnyFault, Input> {
  /** `fault` or `webhook fault`; with hyphens it begins their ids. */
  readonly name: string
  readonly schema: z.ZodType<Fault, Input>
  /** True if the subject meets every criterion of the fault but `nth`. */
  readonly matches: (fault: Fault, subject: Subject) => boolean
}

/** A fault that acts on a call, a delivery or an attempt. */
export interface ActingFault<Fault extends AnyFault> {
  readonly faultId: string
  readonly action: Fault['action']
  /** The delay in ms, drawn from its range; 0 without one. */
  readonly delayMs: number
}

/** A fault with its counts. */
export type FaultViewOf<Fault extends AnyFault> = Fault & {
  readonly faultId: string
  readonly matched: number
  readonly acted: number
  readonly remaining: number | null
}

interface Registered<Fault extends AnyFault> {
  readonly faultId: string
  readonly fault: Fault
  readonly drawChance: () => number
  readonly drawDelay: () => number
  matched: number
  acted: number
}

/** How often a fault still acts; `null` for always. */
function remainingOf({
  fault: { match, times },
  matched,
  acted,
}: Registered<AnyFault>): number | null {
  if (match.nth !== undefined) return matched < match.nth ? 1 : 0
  return times === undefined ? null : times - acted
}

/** Counts a match, and returns whether the fault would act on it. */
function countMatch(registered: Registered<AnyFault>): boolean {
  const { fault, drawChance } = registered
  const isUsedUp = remainingOf(registered) === 0
  registered.matched += 1
  if (isUsedUp) return false
  if (fault.match.nth !== undefined) return registered.matched === fault.match.nth
  return fault.probability === undefined || drawChance() < fault.probability
}

function toDelayMs(delay: Delay, draw: () => number): number {
  if (typeof delay === 'number') return delay
  const [min, max] = delay.uniform
  return min + Math.floor(draw() * (max - min + 1))
}

const toView = <Fault extends AnyFault>(registered: Registered<Fault>): FaultViewOf<Fault> => {
  const { faultId, fault, matched, acted } = registered
  return structuredClone({
    faultId,
    ...fault,
    matched,
    acted,
    remaining: remainingOf(registered),
  })
}

/** Maximum number of faults of one kind and one account, used-up ones included: each is matched with every call. */
export const maxFaults = 1000

/** Says that an account has too many faults of a kind. */
export const explainFull = (name: string): string =>
  `An account has at most ${maxFaults} ${name}s, used-up ones included: remove some, or all of them`

/** The account of faults, its draws, and where is published that a fault has acted. */
export interface FaultRegistryOptions {
  readonly accountId: string
  readonly random: RandomSource
  readonly updates: Updates
}

/** The faults of one kind and one account. */
export class FaultRegistry<Subject, Fault extends AnyFault, Input> {
  readonly #kind: FaultKind<Subject, Fault, Input>
  readonly #options: FaultRegistryOptions
  readonly #faults = new Map<string, Registered<Fault>>()
  #lastNumber = 0

  constructor(kind: FaultKind<Subject, Fault, Input>, options: FaultRegistryOptions) {
    this.#kind = kind
    this.#options = options
  }

  get isEmpty(): boolean {
    return this.#faults.size === 0
  }

  /** Whether no more faults can be added. */
  get isFull(): boolean {
    return this.#faults.size >= maxFaults
  }

  /**
   * Adds a fault, which acts from the next match on; throws a `TypeError` that lists the problems of an invalid one, and a `RangeError`
   * beyond 1,000 faults.
   */
  add(fault: Input): FaultViewOf<Fault> {
    const { name, schema } = this.#kind
    const parsed = parseInput(schema, fault, name)
    if (this.isFull) throw new RangeError(explainFull(name))
    const { accountId, random } = this.#options
    this.#lastNumber += 1
    const faultId = `${name.replace(' ', '-')}-${this.#lastNumber}`
    const registered = {
      faultId,
      fault: structuredClone(parsed),
      drawChance: random.fractions(accountId, `${faultId} probability`),
      drawDelay: random.fractions(accountId, `${faultId} delayMs`),
      matched: 0,
      acted: 0,
    }
    this.#faults.set(faultId, registered)
    return toView(registered)
  }

  /** All faults, oldest first; used-up ones have `remaining` 0. */
  list(): FaultViewOf<Fault>[] {
    return [...this.#faults.values()].map(toView)
  }

  get(faultId: string): FaultViewOf<Fault> | undefined {
    const registered = this.#faults.get(faultId)
    return registered && toView(registered)
  }

  /** Whether any fault passes the test. */
  some(test: (fault: Fault) => boolean): boolean {
    for (const { fault } of this.#faults.values()) if (test(fault)) return true
    return false
  }

  /** Removes a fault; returns `false` for an unknown id. */
  remove(faultId: string): boolean {
    return this.#faults.delete(faultId)
  }

  /** Removes all faults; their ids are not used again. */
  clear(): void {
    this.#faults.clear()
  }

  /** Removes all faults, and starts their ids and draws again. */
  reset(): void {
    this.#faults.clear()
    this.#lastNumber = 0
  }

  /**
   * Counts a subject for each fault that matches it, and returns the oldest one that is due. Each fault counts and draws whether or not
   * an older one acts, so the others do not change when it is due.
   */
  select(subject: Subject): ActingFault<Fault> | undefined {
    let acting: Registered<Fault> | undefined
    for (const registered of this.#faults.values())
      if (this.#kind.matches(registered.fault, subject) && countMatch(registered))
        acting ??= registered
    if (acting === undefined) return undefined
    acting.acted += 1
    const { faultId, fault, drawDelay } = acting
    const { accountId, updates } = this.#options
    void updates.publish('fault', { accountId, faultId })
    const { delayMs = 0 } = fault.action
    return { faultId, action: fault.action, delayMs: toDelayMs(delayMs, drawDelay) }
  }
}

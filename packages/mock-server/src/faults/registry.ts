import type { OperationId } from '@sendbox/schema'
import type { RandomSource } from '../accounts/random-source.ts'
import type { RequestSubject } from '../http/request-subject.ts'
import { parseInput } from '../parse-input.ts'
import {
  type Fault,
  type FaultAction,
  type FaultInput,
  type FaultMatch,
  FaultSchema,
  type FaultView,
} from './call-fault.ts'

/** What a fault may match of a call. */
export interface FaultSubject extends RequestSubject {
  readonly operationId: OperationId
}

/** A fault that acts on a call. */
export interface ActingFault {
  readonly faultId: string
  readonly action: FaultAction
  /** In ms of wall time. */
  readonly delayMs: number
}

type Draw = () => number

interface Registered {
  readonly faultId: string
  readonly fault: Fault
  readonly drawChance: Draw
  readonly drawDelay: Draw
  matched: number
  acted: number
}

const isMatch = (
  { operation, type, event, conversationId }: FaultMatch,
  call: FaultSubject,
): boolean =>
  (operation === undefined || operation === call.operationId) &&
  (type === undefined || call.types.includes(type)) &&
  (event === undefined || call.events.includes(event)) &&
  (conversationId === undefined || conversationId === call.conversationId)

/** How often it still acts; `null` for always. */
function remainingOf({ fault: { match, times }, matched, acted }: Registered): number | null {
  if (match.nth !== undefined) return matched < match.nth ? 1 : 0
  return times === undefined ? null : times - acted
}

/** Counts a matching call, and claims that the fault would act on it. */
function isDue(registered: Registered): boolean {
  const { fault, drawChance } = registered
  const isUsedUp = remainingOf(registered) === 0
  registered.matched += 1
  if (isUsedUp) return false
  if (fault.match.nth !== undefined) return registered.matched === fault.match.nth
  return fault.probability === undefined || drawChance() < fault.probability
}

function toDelayMs({ delayMs = 0 }: FaultAction, draw: Draw): number {
  if (typeof delayMs === 'number') return delayMs
  const [least, most] = delayMs.uniform
  return least + Math.floor(draw() * (most - least + 1))
}

const toView = (registered: Registered): FaultView => {
  const { faultId, fault, matched, acted } = registered
  return structuredClone({
    faultId,
    ...fault,
    matched,
    acted,
    remaining: remainingOf(registered),
  })
}

/** The faults of one account. */
export class AccountFaults {
  readonly #accountId: string
  readonly #random: RandomSource
  readonly #faults = new Map<string, Registered>()
  #lastNumber = 0

  constructor(accountId: string, random: RandomSource) {
    this.#accountId = accountId
    this.#random = random
  }

  get isEmpty(): boolean {
    return this.#faults.size === 0
  }

  /** Adds a fault, which acts from the next call on; throws a `TypeError` that lists what is wrong with it. */
  add(fault: FaultInput): FaultView {
    const parsed = parseInput(FaultSchema, fault, 'fault')
    this.#lastNumber += 1
    const faultId = `fault-${this.#lastNumber}`
    const registered = {
      faultId,
      fault: structuredClone(parsed),
      drawChance: this.#random.fractions(this.#accountId, `${faultId} probability`),
      drawDelay: this.#random.fractions(this.#accountId, `${faultId} delayMs`),
      matched: 0,
      acted: 0,
    }
    this.#faults.set(faultId, registered)
    return toView(registered)
  }

  /** Shows all faults, oldest first; those that are used up too, with `remaining` 0. */
  list(): FaultView[] {
    return [...this.#faults.values()].map(toView)
  }

  get(faultId: string): FaultView | undefined {
    const registered = this.#faults.get(faultId)
    return registered && toView(registered)
  }

  /** Removes a fault; answers `false` where there is none of this id. */
  remove(faultId: string): boolean {
    return this.#faults.delete(faultId)
  }

  /** Removes all faults. */
  clear(): void {
    this.#faults.clear()
  }

  /** Removes all faults, and begins their ids and draws anew. */
  reset(): void {
    this.#faults.clear()
    this.#lastNumber = 0
  }

  /**
   * Counts a call, and says which fault acts on it: the oldest that matches and is due. Each fault counts and draws for all calls
   * that it matches, so that it is due for the same ones whatever other faults there are.
   */
  take(call: FaultSubject): ActingFault | undefined {
    let acting: Registered | undefined
    for (const registered of this.#faults.values())
      if (isMatch(registered.fault.match, call) && isDue(registered)) acting ??= registered
    if (acting === undefined) return undefined
    acting.acted += 1
    const { faultId, fault, drawDelay } = acting
    return { faultId, action: fault.action, delayMs: toDelayMs(fault.action, drawDelay) }
  }
}

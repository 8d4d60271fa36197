import type { WebhookEventType } from '@sendbox/schema'
import type { RandomSource } from '../accounts/random-source.ts'
import { parseInput } from '../parse-input.ts'
import {
  type WebhookFault,
  type WebhookFaultInput,
  WebhookFaultSchema,
  type WebhookFaultView,
} from './webhook-fault.ts'

/** What a webhook fault may match. */
interface WebhookFaultSubject {
  readonly eventType: WebhookEventType
  readonly conversationId: string
}

/** A webhook fault that acts. */
export interface ActingWebhookFault {
  readonly faultId: string
  readonly action: WebhookFault['action']
  /** In ms of the account's clock. */
  readonly delayMs: number
}

interface Registered {
  readonly faultId: string
  readonly fault: WebhookFault
  readonly drawChance: () => number
  readonly drawDelay: () => number
  matched: number
  acted: number
}

const isMatch = (
  { match }: WebhookFault,
  { eventType, conversationId }: WebhookFaultSubject,
): boolean =>
  (match.eventType === undefined || match.eventType === eventType) &&
  (match.conversationId === undefined || match.conversationId === conversationId)

/** Claims that a fault acts on attempts, and not on deliveries. */
const isOfAttempts = ({ action }: WebhookFault): boolean =>
  Object.keys(action).every(name => name === 'status' || name === 'timeout')

function remainingOf({ fault: { match, times }, matched, acted }: Registered): number | null {
  if (match.nth !== undefined) return matched < match.nth ? 1 : 0
  return times === undefined ? null : times - acted
}

/** Counts a match, and claims that the fault would act on it. */
function isDue(registered: Registered): boolean {
  const { fault, drawChance } = registered
  const isUsedUp = remainingOf(registered) === 0
  registered.matched += 1
  if (isUsedUp) return false
  if (fault.match.nth !== undefined) return registered.matched === fault.match.nth
  return fault.probability === undefined || drawChance() < fault.probability
}

function toDelayMs({ delayMs = 0 }: WebhookFault['action'], draw: () => number): number {
  if (typeof delayMs === 'number') return delayMs
  const [least, most] = delayMs.uniform
  return least + Math.floor(draw() * (most - least + 1))
}

const toView = (registered: Registered): WebhookFaultView => {
  const { faultId, fault, matched, acted } = registered
  return structuredClone({
    faultId,
    ...fault,
    matched,
    acted,
    remaining: remainingOf(registered),
  })
}

/** The webhook faults of one account. */
export class WebhookFaults {
  readonly #accountId: string
  readonly #random: RandomSource
  readonly #faults = new Map<string, Registered>()
  #lastNumber = 0

  constructor(accountId: string, random: RandomSource) {
    this.#accountId = accountId
    this.#random = random
  }

  /** Adds a fault, which acts from the next notification on; throws a `TypeError` that lists what is wrong with it. */
  add(fault: WebhookFaultInput): WebhookFaultView {
    const parsed = parseInput(WebhookFaultSchema, fault, 'webhook fault')
    this.#lastNumber += 1
    const faultId = `webhook-fault-${this.#lastNumber}`
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
  list(): WebhookFaultView[] {
    return [...this.#faults.values()].map(toView)
  }

  get(faultId: string): WebhookFaultView | undefined {
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

  /** Counts a delivery, and says which fault acts on it: the oldest that matches and is due. */
  takeDelivery(delivery: WebhookFaultSubject): ActingWebhookFault | undefined {
    return this.#take(delivery, false)
  }

  /** Counts an attempt, and says which fault gives its outcome. */
  takeAttempt(delivery: WebhookFaultSubject): ActingWebhookFault | undefined {
    return this.#take(delivery, true)
  }

  /** Each fault counts and draws for all that it matches, so that it is due for the same whatever other faults there are. */
  #take(subject: WebhookFaultSubject, isAttempt: boolean): ActingWebhookFault | undefined {
    let acting: Registered | undefined
    for (const registered of this.#faults.values()) {
      const { fault } = registered
      if (isOfAttempts(fault) !== isAttempt || !isMatch(fault, subject)) continue
      if (isDue(registered)) acting ??= registered
    }
    if (acting === undefined) return undefined
    acting.acted += 1
    const { faultId, fault, drawDelay } = acting
    return { faultId, action: fault.action, delayMs: toDelayMs(fault.action, drawDelay) }
  }
}

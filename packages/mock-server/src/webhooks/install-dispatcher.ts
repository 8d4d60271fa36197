import { setMaxListeners } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { rowsOf } from '../faults/fault.ts'
import {
  type ActingWebhookFault,
  type FaultedDelivery,
  webhookFaultActions,
} from '../faults/webhook-fault.ts'
import type { DeliveryState } from './delivery.ts'
import { type AttemptResult, attemptDelivery, type DeliveryContext } from './delivery-attempt.ts'
import type { DeliveryLog, DeliveryRecord } from './delivery-log.ts'
import { findRegistration, toRetentionMs } from './endpoint.ts'
import type { HeldEvent } from './event-queue.ts'
import {
  countStored,
  type InstallPhase,
  initialRetryState,
  type RetryEvent,
  type RetryState,
  retryByTime,
  toNextTime,
} from './retry-schedule.ts'
import { listTooSlow, recordAttempt, type SlowEndpoints } from './slow-endpoints.ts'
import { type InstallSnapshot, toHeldEvents, toRetryState } from './webhooks-snapshot.ts'

/** How long a failed delivery waits for its repeat, in ms. Rule: WH-10. */
const repeatDelayMs = 30_000

/** A delivery under way. */
interface Job {
  readonly record: DeliveryRecord
  readonly arrival: number
  readonly fault?: ActingWebhookFault | undefined
}

interface DispatcherOptions extends Omit<DeliveryContext, 'signal'> {
  readonly log: DeliveryLog
  /** Is told that what must survive has changed. */
  readonly noteChange: () => void
  /** Lets the clock and those who wait for quiet wait for work. */
  readonly track: (work: Promise<void>) => void
}

/**
 * Delivers the notifications of one install: first attempts of one conversation to one endpoint one after another, repeats by
 * themselves. Rules: WH-10, WH-11.
 */
export class InstallDispatcher {
  readonly #options: DispatcherOptions
  readonly #means: DeliveryContext
  readonly #stopping = new AbortController()
  /** The last first attempt of each conversation and endpoint. */
  readonly #lanes = new Map<string, Promise<void>>()
  /** What waits for the next notification of its conversation. */
  readonly #heldBack = new Map<string, Job[]>()
  /** What the retry by time decides on. */
  readonly #jobs = new Map<string, Job>()
  #retry: RetryState = initialRetryState
  #retentionMs = 0
  #slow: SlowEndpoints = {}
  #cancelWake: (() => void) | undefined

  constructor(options: DispatcherOptions) {
    this.#options = options
    // Every notification that is on its way listens; Node warns of more than ten.
    setMaxListeners(0, this.#stopping.signal)
    this.#means = { ...options, signal: this.#stopping.signal }
  }

  get phase(): InstallPhase {
    return this.#retry.phase
  }

  get stored(): number {
    return countStored(this.#retry)
  }

  /** The endpoints that production may disable. Rule: WH-12. */
  get slowEndpoints(): string[] {
    return listTooSlow(this.#slow)
  }

  /** Brings a notification on its way; gives a promise only where the caller is to wait for its first attempt. */
  deliver(record: DeliveryRecord, arrival: number): Promise<void> | void {
    const fault = this.#options.faults.select({ on: 'delivery', ...record })
    if (fault) record.faultId = fault.faultId
    const job = { record, arrival, fault }
    this.#options.log.add(record)
    for (const row of rowsOf(webhookFaultActions, fault?.action ?? {}))
      if (row.on === 'delivery' && row.phase !== 'after') return row.apply(this.#toFaulted(job))
    void this.#enqueue(job)
  }

  #toFaulted(job: Job): FaultedDelivery {
    const delayMs = job.fault?.delayMs ?? 0
    return {
      enqueue: () => this.#enqueue(job),
      attempt: () => this.#attempt(job),
      delay: () => {
        if (delayMs > 0) this.#schedule(delayMs, () => this.#enqueue(job))
        else void this.#enqueue(job)
      },
      holdBack: () => this.#holdBack(job),
      drop: () => this.#settle(job.record, 'dropped'),
    }
  }

  /** Tries once more by hand; what is delivered for good then was given up before. Answers `gone` where there is no webhook for it. */
  async redeliver(record: DeliveryRecord): Promise<AttemptResult> {
    const result = await this.#attempt({ record, arrival: 0 })
    const isGivenUp = record.state === 'failed' || record.state === 'dropped'
    if (result === 'taken' && isGivenUp) this.#settle(record, 'delivered')
    return result
  }

  /** Ends what is on its way, and begins nothing any more. */
  stop(): void {
    this.#stopping.abort()
    this.#cancelWake?.()
  }

  /** What must survive a restart, as JSON; `undefined` where all is well. Rule: WH-11. */
  snapshot(): InstallSnapshot | undefined {
    if (this.#retry.phase === 'UP' && this.#retry.delayed.length === 0) return undefined
    const { phase, failures, retryAt, failing, lastOfOutage } = this.#retry
    return structuredClone({
      clientId: this.#options.clientId,
      phase,
      failures,
      ...(retryAt !== undefined && { retryAt }),
      failing: [...failing],
      lastOfOutage,
      retentionMs: this.#retentionMs,
      events: toHeldEvents(this.#retry).flatMap(held => {
        const job = this.#jobs.get(held.event.id)
        return job ? [{ ...held, delivery: { ...job.record } }] : []
      }),
    })
  }

  /** Goes on from where a snapshot was taken; what was on its way then is sent again. */
  restore(snapshot: InstallSnapshot): void {
    const { events, retentionMs } = structuredClone(snapshot)
    for (const { event, delivery } of events) {
      this.#jobs.set(event.id, { record: delivery, arrival: event.arrival })
      this.#options.log.add(delivery)
    }
    this.#retentionMs = retentionMs
    this.#retry = toRetryState(snapshot)
    this.#happen({ type: 'due' })
  }

  #settle(record: DeliveryRecord, state: DeliveryState): void {
    record.state = state
    this.#options.log.noteChange()
  }

  #schedule(delayMs: number, task: () => Promise<void> | void): () => void {
    const clock = this.#options.clock()
    return clock.schedule(clock.now() + delayMs, async () => {
      if (!this.#stopping.signal.aborted) await task()
    })
  }

  #holdBack(job: Job): void {
    const { conversationId } = job.record
    this.#heldBack.set(conversationId, [...(this.#heldBack.get(conversationId) ?? []), job])
  }

  #releaseHeldBack({ conversationId }: DeliveryRecord): void {
    const jobs = this.#heldBack.get(conversationId) ?? []
    this.#heldBack.delete(conversationId)
    for (const job of jobs) void this.#enqueue(job)
  }

  /** Lets a delivery wait for those before it in its lane; none begins before the call that caused it goes on. */
  #enqueue(job: Job): Promise<void> {
    const lane = `${job.record.conversationId} ${job.record.endpoint}`
    const turn = (this.#lanes.get(lane) ?? setImmediate())
      .then(() => this.#takeTurn(job))
      .finally(() => {
        if (this.#lanes.get(lane) === turn) this.#lanes.delete(lane)
      })
    this.#lanes.set(lane, turn)
    this.#options.track(turn)
    return turn
  }

  async #takeTurn(job: Job): Promise<void> {
    const install = this.#options.findInstall()
    const retentionMs = install ? toRetentionMs(install) : 0
    if (this.#stopping.signal.aborted) return
    if (retentionMs > 0) await this.#tryByTime(job, retentionMs)
    else await this.#tryByNumber(job, 1)
    if (job.record.attempts.length > 0)
      for (const row of rowsOf(webhookFaultActions, job.fault?.action ?? {}))
        if (row.phase === 'after') await row.apply(this.#toFaulted(job))
    this.#releaseHeldBack(job.record)
  }

  async #attempt({ record, fault }: Job): Promise<AttemptResult> {
    const result = await attemptDelivery(record, fault, this.#means)
    const last = record.attempts.at(-1)
    if (result !== 'gone' && last) this.#slow = recordAttempt(this.#slow, record.endpoint, last)
    return result
  }

  #retriesOf({ eventType }: DeliveryRecord): number | undefined {
    const install = this.#options.findInstall()
    return install && findRegistration(install, eventType)?.max_retries
  }

  /** Rule: WH-10. */
  async #tryByNumber(job: Job, tries: number): Promise<void> {
    const { record } = job
    const result = await this.#attempt(job)
    if (this.#stopping.signal.aborted) return
    if (result === 'gone') return this.#settle(record, 'dropped')
    if (result === 'taken') return this.#settle(record, 'delivered')
    if (tries > (this.#retriesOf(record) ?? 0)) return this.#settle(record, 'failed')
    this.#schedule(repeatDelayMs, () => this.#tryByNumber(job, tries + 1))
  }

  /** Rule: WH-11. */
  async #tryByTime(job: Job, retentionMs: number): Promise<void> {
    const { deliveryId: id, createdAt: arrivedAt, conversationId, endpoint } = job.record
    const isOptional = this.#retriesOf(job.record) === 0
    const event = { id, arrival: job.arrival, arrivedAt, conversationId, endpoint, isOptional }
    this.#retentionMs = retentionMs
    this.#jobs.set(id, job)
    await this.#happen({ type: 'turn', event }).get(id)
  }

  /** Does what the retry by time decides, and gives what it sends. */
  #happen(happening: RetryEvent): ReadonlyMap<string, Promise<void>> {
    const clock = this.#options.clock()
    const times = { now: clock.now(), retentionMs: this.#retentionMs }
    const { state, actions } = retryByTime(this.#retry, happening, times)
    this.#retry = state
    this.#options.noteChange()
    const sends = new Map<string, Promise<void>>()
    for (const action of actions) {
      const job = this.#jobs.get(action.event.id)
      if (job === undefined) continue
      if (action.do === 'store') this.#settle(job.record, 'stored')
      else if (action.do === 'drop') this.#end(job, 'dropped')
      else sends.set(action.event.id, this.#send(job, action.event))
    }
    this.#cancelWake?.()
    const nextAt = toNextTime(state, this.#retentionMs)
    this.#cancelWake =
      nextAt === undefined
        ? undefined
        : clock.schedule(nextAt, () => void this.#happen({ type: 'due' }))
    return sends
  }

  #end({ record }: Job, state: DeliveryState): void {
    this.#jobs.delete(record.deliveryId)
    this.#settle(record, state)
  }

  /** Sends an event; what then follows from it is sent by itself. */
  #send(job: Job, event: HeldEvent): Promise<void> {
    const sending = this.#attemptStored(job, event)
    this.#options.track(sending)
    return sending
  }

  async #attemptStored(job: Job, event: HeldEvent): Promise<void> {
    const result = await this.#attempt(job)
    if (this.#stopping.signal.aborted) return
    if (result === 'taken') this.#end(job, 'delivered')
    if (result === 'gone') this.#end(job, 'dropped')
    this.#happen({ type: 'answered', event, ok: result !== 'failed' })
  }
}

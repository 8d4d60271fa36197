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
import {
  findRegistration,
  listTooSlow,
  recordAttempt,
  type SlowEndpoints,
  toRetentionMs,
} from './endpoint.ts'
import type { InstallView } from './install-view.ts'
import {
  countStored,
  createRetryState,
  type HeldEvent,
  type RetryEvent,
  type RetryState,
  reduceRetry,
  toNextTime,
} from './retry-schedule.ts'
import { type InstallSnapshot, toHeldEvents, toRetryState } from './webhooks-snapshot.ts'

/** The delay of a retry, in ms. Rule: WH-10. */
const retryDelayMs = 30_000

/** A delivery that has not ended. */
interface Job {
  readonly record: DeliveryRecord
  readonly arrival: number
  readonly fault?: ActingWebhookFault | undefined
}

interface DispatcherOptions extends Omit<DeliveryContext, 'signal'> {
  readonly log: DeliveryLog
  /** Called when the snapshot has changed. */
  readonly markDirty: () => void
  /** Delays `idle`, and advances of the clock, until the work ends. */
  readonly track: (work: Promise<void>) => void
}

/**
 * Delivers the notifications of one install. First attempts of one conversation at one endpoint are a FIFO queue; retries are not queued.
 * Rules: WH-10, WH-11.
 */
export class InstallDispatcher {
  readonly #options: DispatcherOptions
  readonly #context: DeliveryContext
  readonly #stopping = new AbortController()
  /** The last queued first attempt of each conversation and endpoint. */
  readonly #queues = new Map<string, Promise<void>>()
  /** Deliveries that wait for the next notification of their conversation. */
  readonly #heldBack = new Map<string, Job[]>()
  /** The deliveries of the retry schedule, by their ids. */
  readonly #jobs = new Map<string, Job>()
  #retry: RetryState = createRetryState()
  #retentionMs = 0
  #slow: SlowEndpoints = {}
  #cancelWake: (() => void) | undefined

  constructor(options: DispatcherOptions) {
    this.#options = options
    // Every request in flight adds a listener; Node warns of more than ten.
    setMaxListeners(0, this.#stopping.signal)
    this.#context = { ...options, signal: this.#stopping.signal }
  }

  /** The state of the install. Rules: WH-11, WH-12. */
  view(): InstallView {
    return {
      clientId: this.#options.clientId,
      state: this.#retry.phase,
      stored: countStored(this.#retry),
      slowEndpoints: listTooSlow(this.#slow),
    }
  }

  /** Starts a delivery; returns a promise only if the response to the call must wait for its first attempt. */
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

  /** Attempts a delivery once more; success changes the state of one that was given up. */
  async redeliver(record: DeliveryRecord): Promise<AttemptResult> {
    const result = await this.#attempt({ record, arrival: 0 })
    const isGivenUp = record.state === 'failed' || record.state === 'dropped'
    if (result === 'delivered' && isGivenUp) this.#settle(record, 'delivered')
    return result
  }

  /** Aborts requests in flight, and starts no more. */
  stop(): void {
    this.#stopping.abort()
    this.#cancelWake?.()
  }

  /** The retry state as JSON; `undefined` for an install that is UP and has no delayed event. Rule: WH-11. */
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

  /** Resumes the deliveries of a snapshot; an event that was being sent is sent again. */
  restore(snapshot: InstallSnapshot): void {
    const { events, retentionMs } = structuredClone(snapshot)
    for (const { event, delivery } of events) {
      this.#jobs.set(event.id, { record: delivery, arrival: event.arrival })
      this.#options.log.add(delivery)
    }
    this.#retentionMs = retentionMs
    this.#retry = toRetryState(snapshot)
    this.#reduceRetry({ type: 'due' })
  }

  #settle(record: DeliveryRecord, state: DeliveryState): void {
    record.state = state
    this.#options.log.publish(record)
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

  /** Appends a delivery to its queue; it starts after the current tick, so that the call that caused it continues first. */
  #enqueue(job: Job): Promise<void> {
    const key = `${job.record.conversationId} ${job.record.endpoint}`
    const last = (this.#queues.get(key) ?? setImmediate())
      .then(() => this.#start(job))
      .finally(() => {
        if (this.#queues.get(key) === last) this.#queues.delete(key)
      })
    this.#queues.set(key, last)
    this.#options.track(last)
    return last
  }

  async #start(job: Job): Promise<void> {
    const install = this.#options.findInstall()
    const retentionMs = install ? toRetentionMs(install) : 0
    if (this.#stopping.signal.aborted) return
    if (retentionMs > 0) await this.#scheduleRetries(job, retentionMs)
    else await this.#attemptUpTo(job, 1)
    if (job.record.attempts.length > 0)
      for (const row of rowsOf(webhookFaultActions, job.fault?.action ?? {}))
        if (row.phase === 'after') await row.apply(this.#toFaulted(job))
    this.#releaseHeldBack(job.record)
  }

  async #attempt({ record, fault }: Job): Promise<AttemptResult> {
    const result = await attemptDelivery(record, fault, this.#context)
    const last = record.attempts.at(-1)
    if (result === 'unregistered' || last === undefined) return result
    this.#slow = recordAttempt(this.#slow, record.endpoint, last)
    this.#options.log.publish(record)
    return result
  }

  #maxRetriesOf({ eventType }: DeliveryRecord): number | undefined {
    const install = this.#options.findInstall()
    return install && findRegistration(install, eventType)?.max_retries
  }

  /** Retries up to the webhook's `max_retries`; `attempt` counts from 1. Rule: WH-10. */
  async #attemptUpTo(job: Job, attempt: number): Promise<void> {
    const { record } = job
    const result = await this.#attempt(job)
    if (this.#stopping.signal.aborted) return
    if (result === 'unregistered') return this.#settle(record, 'dropped')
    if (result === 'delivered') return this.#settle(record, 'delivered')
    if (attempt > (this.#maxRetriesOf(record) ?? 0)) return this.#settle(record, 'failed')
    this.#schedule(retryDelayMs, () => this.#attemptUpTo(job, attempt + 1))
  }

  /** Retries for the install's retention time. Rule: WH-11. */
  async #scheduleRetries(job: Job, retentionMs: number): Promise<void> {
    const { deliveryId: id, createdAt: arrivedAt, conversationId, endpoint } = job.record
    const isOptional = this.#maxRetriesOf(job.record) === 0
    const event = { id, arrival: job.arrival, arrivedAt, conversationId, endpoint, isOptional }
    this.#retentionMs = retentionMs
    this.#jobs.set(id, job)
    await this.#reduceRetry({ type: 'dequeued', event }).get(id)
  }

  /** Applies an event to the retry state, and performs the actions; returns the attempts that it starts, by event id. */
  #reduceRetry(retryEvent: RetryEvent): ReadonlyMap<string, Promise<void>> {
    const clock = this.#options.clock()
    const times = { now: clock.now(), retentionMs: this.#retentionMs }
    const { state, actions } = reduceRetry(this.#retry, retryEvent, times)
    this.#retry = state
    this.#options.markDirty()
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
        : clock.schedule(nextAt, () => void this.#reduceRetry({ type: 'due' }))
    return sends
  }

  #end({ record }: Job, state: DeliveryState): void {
    this.#jobs.delete(record.deliveryId)
    this.#settle(record, state)
  }

  #send(job: Job, event: HeldEvent): Promise<void> {
    const sending = this.#attemptHeld(job, event)
    this.#options.track(sending)
    return sending
  }

  async #attemptHeld(job: Job, event: HeldEvent): Promise<void> {
    const result = await this.#attempt(job)
    if (this.#stopping.signal.aborted) return
    if (result === 'delivered') this.#end(job, 'delivered')
    if (result === 'unregistered') this.#end(job, 'dropped')
    this.#reduceRetry({ type: 'attempted', event, ok: result !== 'failed' })
  }
}

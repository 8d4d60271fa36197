import { setMaxListeners } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { rowsOf } from '../faults/fault.ts'
import { type FaultedDelivery, webhookFaultActions } from '../faults/webhook-fault.ts'
import type { CreatedDelivery } from '../updates.ts'
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
import { type Job, Outbox, toJob } from './outbox.ts'
import {
  countStored,
  createRetryState,
  type HeldEvent,
  type RetryEvent,
  type RetryState,
  reduceRetry,
  toNextTime,
} from './retry-schedule.ts'
import { type InstallSnapshot, toArrival, toRetryState } from './webhooks-snapshot.ts'

/** The delay of a retry, in ms. Rule: WH-10. */
const retryDelayMs = 30_000

interface DispatcherOptions extends Omit<DeliveryContext, 'signal'> {
  readonly log: DeliveryLog
  /** Called when the snapshot has changed; with the arrival of the delivery that changed, if one did. */
  readonly markDirty: (arrival?: number) => void
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
  readonly outbox: Outbox
  #retry: RetryState = createRetryState()
  #retentionMs = 0
  #slow: SlowEndpoints = {}
  #cancelWake: (() => void) | undefined
  readonly #now = (): number => this.#options.clock().now()

  constructor(options: DispatcherOptions) {
    this.#options = options
    this.outbox = new Outbox(options.markDirty, record => options.log.publish(record))
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

  /** Adds a delivery to the outbox. */
  create(record: DeliveryRecord, arrival: number): CreatedDelivery {
    const job: Job = { record, arrival }
    this.outbox.add(job)
    return { start: () => this.#deliver(job), discard: () => this.outbox.remove(job) }
  }

  #deliver(job: Job): Promise<void> | void {
    const { record } = job
    if (this.#stopping.signal.aborted) return
    const fault = this.#options.faults.select({ on: 'delivery', ...record })
    if (fault) record.faultId = fault.faultId
    job.fault = fault
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
        if (delayMs > 0) this.#scheduleAttempt(job, this.#now() + delayMs, () => this.#enqueue(job))
        else void this.#enqueue(job)
      },
      holdBack: () => this.#holdBack(job),
      drop: () => this.#settle(job, 'dropped'),
    }
  }

  /** Attempts a delivery once more; success changes the state of one that was given up. */
  async redeliver(record: DeliveryRecord): Promise<AttemptResult> {
    const result = await this.#attempt({ record, arrival: toArrival(record.deliveryId) })
    const isGivenUp = record.state === 'failed' || record.state === 'dropped'
    if (result === 'delivered' && isGivenUp) this.#show(record, 'delivered')
    return result
  }

  /** Aborts requests in flight, and starts no more. */
  stop(): void {
    this.#stopping.abort()
    this.#cancelWake?.()
  }

  /** The retry state as JSON, without deliveries. Rule: WH-11. */
  captureRetry(): Omit<InstallSnapshot, 'events'> {
    const { phase, failures, retryAt, failing, lastOfOutage } = this.#retry
    return {
      clientId: this.#options.clientId,
      phase,
      failures,
      ...(retryAt !== undefined && { retryAt }),
      failing: [...failing],
      lastOfOutage,
      retentionMs: this.#retentionMs,
    }
  }

  /** Resumes the deliveries of a snapshot once it is committed; one that was being sent is sent again. */
  restore(snapshot: InstallSnapshot, committed?: Promise<void>): void {
    this.#retentionMs = snapshot.retentionMs
    this.#retry = toRetryState(snapshot)
    const jobs = snapshot.events.map(toJob)
    for (const job of jobs) {
      this.outbox.add(job)
      this.#options.log.add(job.record)
      if (!job.event && job.attempt === undefined) void this.#enqueue(job, committed)
    }
    const resume = (): void => {
      if (this.#stopping.signal.aborted) return
      for (const job of jobs)
        if (job.attempt !== undefined) this.#retryAt(job, job.dueAt ?? 0, job.attempt)
      this.#reduceRetry({ type: 'due' })
    }
    void (committed?.then(resume) ?? resume())
  }

  /** Shows a new state, which ends the delivery or stores it. */
  #settle(job: Job, state: Exclude<DeliveryState, 'pending'>): void {
    if (state === 'stored') this.outbox.changed(job)
    else this.outbox.remove(job)
    this.#show(job.record, state)
  }

  #show(record: DeliveryRecord, state: DeliveryState): void {
    record.state = state
    this.#options.log.publish(record)
  }

  #scheduleAttempt({ record }: Job, at: number, task: () => Promise<void> | void): void {
    this.#options.clock().schedule(at, `${record.deliveryId} is sent`, async () => {
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

  /** Appends a delivery to its queue, which starts after `ready`: the current tick, so that the call that caused it continues first. */
  #enqueue(job: Job, ready: Promise<void> = setImmediate()): Promise<void> {
    const key = `${job.record.conversationId} ${job.record.endpoint}`
    const last = (this.#queues.get(key) ?? ready)
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

  async #attempt(job: Job): Promise<AttemptResult> {
    const { record, fault } = job
    const result = await attemptDelivery(record, fault, this.#context)
    const last = record.attempts.at(-1)
    if (result === 'unregistered' || last === undefined) return result
    this.outbox.changed(job)
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
    const result = await this.#attempt(job)
    if (this.#stopping.signal.aborted) return
    if (result === 'unregistered') return this.#settle(job, 'dropped')
    if (result === 'delivered') return this.#settle(job, 'delivered')
    if (attempt > (this.#maxRetriesOf(job.record) ?? 0)) return this.#settle(job, 'failed')
    this.#retryAt(job, this.#now() + retryDelayMs, attempt + 1)
  }

  #retryAt(job: Job, dueAt: number, attempt: number): void {
    this.outbox.setDueAt(job, dueAt, attempt)
    this.#scheduleAttempt(job, dueAt, () => this.#attemptUpTo(job, attempt))
  }

  /** Retries for the install's retention time. Rule: WH-11. */
  async #scheduleRetries(job: Job, retentionMs: number): Promise<void> {
    const { deliveryId: id, createdAt: arrivedAt, conversationId, endpoint } = job.record
    const isOptional = this.#maxRetriesOf(job.record) === 0
    const event = { id, arrival: job.arrival, arrivedAt, conversationId, endpoint, isOptional }
    this.#retentionMs = retentionMs
    job.event = event
    this.outbox.add(job)
    await this.#reduceRetry({ type: 'dequeued', event }).get(id)
  }

  /** Applies an event to the retry state, and performs the actions; returns the attempts that it starts, by event id. */
  #reduceRetry(retryEvent: RetryEvent): ReadonlyMap<string, Promise<void>> {
    const clock = this.#options.clock()
    const times = { now: clock.now(), retentionMs: this.#retentionMs }
    const { state, actions } = reduceRetry(this.#retry, retryEvent, times)
    this.#retry = state
    this.#options.markDirty()
    if (retryEvent.type === 'dequeued') this.#showDelay(retryEvent.event)
    const sends = new Map<string, Promise<void>>()
    for (const action of actions) {
      const job = this.outbox.find(action.event.id)
      if (job === undefined) continue
      if (job.dueAt !== undefined) this.outbox.setDueAt(job, undefined)
      if (action.do === 'store') this.#settle(job, 'stored')
      else if (action.do === 'drop') this.#settle(job, 'dropped')
      else sends.set(action.event.id, this.#send(job, action.event))
    }
    this.#cancelWake?.()
    const nextAt = toNextTime(state, this.#retentionMs)
    const what = `stored webhooks of ${this.#options.clientId} are sent`
    const wake = (): void => void this.#reduceRetry({ type: 'due' })
    this.#cancelWake = nextAt === undefined ? undefined : clock.schedule(nextAt, what, wake)
    return sends
  }

  /** Copies the time of an event that the retry state has just delayed, if it has. */
  #showDelay({ id }: HeldEvent): void {
    const last = this.#retry.delayed.at(-1)
    const job = this.outbox.find(id)
    if (job && last?.event.id === id) this.outbox.setDueAt(job, last.dueAt)
  }

  #send(job: Job, event: HeldEvent): Promise<void> {
    const sending = this.#attemptHeld(job, event)
    this.#options.track(sending)
    return sending
  }

  async #attemptHeld(job: Job, event: HeldEvent): Promise<void> {
    const result = await this.#attempt(job)
    if (this.#stopping.signal.aborted) return
    if (result === 'delivered') this.#settle(job, 'delivered')
    if (result === 'unregistered') this.#settle(job, 'dropped')
    this.#reduceRetry({ type: 'attempted', event, ok: result !== 'failed' })
  }
}

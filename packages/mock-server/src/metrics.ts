import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { listAccountIds } from './accounts.ts'
import type { JournalRecord } from './journal/journal-record.ts'
import { readPackageVersion } from './package-version.ts'
import type { Service } from './service.ts'
import { type DeliveryState, DeliveryStateSchema } from './webhooks/delivery.ts'

/** In seconds; the mock answers most calls in less than one ms. */
const durationBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5]

/** What stands for an operation or a status that there was none of. */
const none = 'none'

/** A call as it is counted. */
type CountedCall = Pick<
  JournalRecord,
  'operation' | 'status' | 'delivery' | 'faultId' | 'durationMs'
>

/** Prometheus metrics of one mock, in a registry of its own; no label names an account, a consumer or a token. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #registers = [this.#registry]
  readonly #requests = new Counter({
    name: 'sendbox_requests_total',
    help: 'Calls, by operation and HTTP status; "none" where there was none',
    labelNames: ['operation', 'status'],
    registers: this.#registers,
  })
  readonly #durations = new Histogram({
    name: 'sendbox_request_duration_seconds',
    help: 'How long calls took until their answer was written, by operation',
    labelNames: ['operation'],
    buckets: durationBuckets,
    registers: this.#registers,
  })
  readonly #faults = new Counter({
    name: 'sendbox_faults_acted_total',
    help: 'Calls that a fault acted on, by operation and by what came over the wire',
    labelNames: ['operation', 'delivery'],
    registers: this.#registers,
  })
  readonly #accounts = this.#gauge('sendbox_accounts', 'Accounts that anything is kept of')
  readonly #conversations = this.#gauge('sendbox_conversations', 'Conversations, by stage', 'stage')
  readonly #journalEntries = this.#gauge('sendbox_journal_entries', 'Requests that journals keep')
  readonly #journalDropped = this.#gauge(
    'sendbox_journal_dropped',
    'Requests that journals no longer keep',
  )
  readonly #deliveries = this.#gauge(
    'sendbox_webhook_deliveries',
    'Webhook deliveries that logs keep, by state',
    'state',
  )
  readonly #buildInfo = this.#gauge('sendbox_build_info', 'The version of Sendbox', 'version')
  readonly #boundRequests = new Map<string, Counter.Internal>()
  readonly #boundDurations = new Map<string, Histogram.Internal<'operation'>>()

  #gauge<Label extends string>(name: string, help: string, ...labelNames: Label[]): Gauge<Label> {
    return new Gauge({ name, help, labelNames, registers: this.#registers })
  }

  /** Counts a call. */
  observe({ status, delivery, faultId, durationMs, ...call }: CountedCall): void {
    const operation: string = call.operation ?? none
    this.#countRequest(operation, String(status ?? none))
    if (faultId !== undefined) this.#faults.inc({ operation, delivery })
    if (durationMs !== undefined) this.#durationOf(operation).observe(durationMs / 1000)
  }

  /** Counts a request that is none of an operation. */
  observeUnmatched(status: number): void {
    this.#countRequest(none, String(status))
  }

  /** Labels are resolved once: prom-client hashes them anew at each call. */
  #countRequest(operation: string, status: string): void {
    const key = `${operation} ${status}`
    const child = this.#boundRequests.get(key) ?? this.#requests.labels({ operation, status })
    this.#boundRequests.set(key, child)
    child.inc()
  }

  #durationOf(operation: string): Histogram.Internal<'operation'> {
    const child = this.#boundDurations.get(operation) ?? this.#durations.labels({ operation })
    this.#boundDurations.set(operation, child)
    return child
  }

  /** Writes all metrics in Prometheus' text format, those of what is kept as it is now. */
  async render(service: Service): Promise<{ readonly contentType: string; readonly text: string }> {
    await this.#look(service)
    this.#buildInfo.set({ version: await readPackageVersion() }, 1)
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() }
  }

  async #look(service: Service): Promise<void> {
    const stages = { OPEN: 0, CLOSE: 0 }
    const deliveries = new Map<DeliveryState, number>(
      DeliveryStateSchema.options.map(state => [state, 0]),
    )
    let entries = 0
    let dropped = 0
    const accountIds = await listAccountIds(service)
    for (const accountId of accountIds) {
      for (const { state } of await service.store.list(accountId)) stages[state.stage] += 1
      const journal = service.journals.of(accountId)
      entries += journal.length
      dropped += journal.dropped
      for (const { state } of service.webhooks.of(accountId).log.list())
        deliveries.set(state, (deliveries.get(state) ?? 0) + 1)
    }
    this.#accounts.set(accountIds.length)
    this.#conversations.set({ stage: 'OPEN' }, stages.OPEN)
    this.#conversations.set({ stage: 'CLOSE' }, stages.CLOSE)
    this.#journalEntries.set(entries)
    this.#journalDropped.set(dropped)
    for (const [state, count] of deliveries) this.#deliveries.set({ state }, count)
  }
}

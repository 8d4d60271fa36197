import { Counter, Gauge, type Metric, Registry } from 'prom-client'
import { listAccountIds } from '../lifecycle/accounts.ts'
import { durationBuckets, type Metrics } from '../metrics.ts'
import { readPackageVersion } from '../package-version.ts'
import type { Services } from '../services.ts'
import { type DeliveryState, DeliveryStateSchema } from '../webhooks/delivery.ts'

const durationName = 'sendbox_request_duration_seconds'

function toDurationValues([operation, { counts, sumSeconds }]: readonly [
  string,
  { readonly counts: readonly number[]; readonly sumSeconds: number },
]) {
  let count = 0
  const buckets = counts.map((added, place) => {
    count += added
    const labels = { le: String(durationBuckets[place] ?? '+Inf'), operation }
    return { metricName: `${durationName}_bucket`, labels, value: count }
  })
  return [
    ...buckets,
    { metricName: `${durationName}_sum`, labels: { operation }, value: sumSeconds },
    { metricName: `${durationName}_count`, labels: { operation }, value: count },
  ]
}

/** A histogram of what was counted elsewhere, as the registry reads one. */
const toHistogram = (durations: Metrics['durations']): Metric =>
  ({
    name: durationName,
    get: async () => ({
      name: durationName,
      help: 'How long calls took until their answer was written, by operation',
      type: 'histogram',
      values: [...durations].flatMap(toDurationValues),
    }),
  }) as unknown as Metric

function writeCalls({ requests, faults, durations }: Metrics, registry: Registry): void {
  const requestsTotal = new Counter({
    name: 'sendbox_requests_total',
    help: 'Calls, by operation and HTTP status; "none" where there was none',
    labelNames: ['operation', 'status'],
    registers: [registry],
  })
  for (const { labels, count } of requests.values()) requestsTotal.inc(labels, count)
  registry.registerMetric(toHistogram(durations))
  const faultsTotal = new Counter({
    name: 'sendbox_faults_acted_total',
    help: 'Calls that a fault acted on, by operation and by what came over the wire',
    labelNames: ['operation', 'delivery'],
    registers: [registry],
  })
  for (const { labels, count } of faults.values()) faultsTotal.inc(labels, count)
}

/** What a mock keeps at this moment. */
interface Kept {
  readonly accounts: number
  readonly stages: { OPEN: number; CLOSE: number }
  readonly journalEntries: number
  readonly journalDropped: number
  readonly deliveries: ReadonlyMap<DeliveryState, number>
}

async function look(service: Services): Promise<Kept> {
  const stages = { OPEN: 0, CLOSE: 0 }
  const deliveries = new Map<DeliveryState, number>(
    DeliveryStateSchema.options.map(state => [state, 0]),
  )
  let journalEntries = 0
  let journalDropped = 0
  const accountIds = await listAccountIds(service)
  for (const accountId of accountIds) {
    for (const { state } of await service.store.list(accountId)) stages[state.stage] += 1
    const journal = service.journals.of(accountId)
    journalEntries += journal.length
    journalDropped += journal.dropped
    for (const { state } of service.webhooks.of(accountId).log.list())
      deliveries.set(state, (deliveries.get(state) ?? 0) + 1)
  }
  return { accounts: accountIds.length, stages, journalEntries, journalDropped, deliveries }
}

function writeKept(kept: Kept, version: string, registers: Registry[]): void {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers })
  gauge('sendbox_accounts', 'Accounts that anything is kept of').set(kept.accounts)
  const conversations = gauge('sendbox_conversations', 'Conversations, by stage', 'stage')
  for (const [stage, count] of Object.entries(kept.stages)) conversations.set({ stage }, count)
  gauge('sendbox_journal_entries', 'Requests that journals keep').set(kept.journalEntries)
  gauge('sendbox_journal_dropped', 'Requests that journals no longer keep').set(kept.journalDropped)
  const help = 'Webhook deliveries that logs keep, by state'
  const deliveries = gauge('sendbox_webhook_deliveries', help, 'state')
  for (const [state, count] of kept.deliveries) deliveries.set({ state }, count)
  gauge('sendbox_build_info', 'The version of Sendbox', 'version').set({ version }, 1)
}

/** Writes all metrics in Prometheus' text format, those of what is kept as it is now. */
export async function renderMetrics(
  service: Services,
): Promise<{ readonly contentType: string; readonly text: string }> {
  const registry = new Registry()
  writeCalls(service.metrics, registry)
  writeKept(await look(service), await readPackageVersion(), [registry])
  return { contentType: registry.contentType, text: await registry.metrics() }
}

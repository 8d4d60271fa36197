import { Counter, Gauge, type Metric, Registry } from 'prom-client'
import { listAccountIds } from '../lifecycle/accounts.ts'
import { durationBuckets, type Metrics } from '../metrics.ts'
import { readPackageVersion } from '../package-file.ts'
import type { Services } from '../services.ts'
import { DeliveryStateSchema } from '../webhooks/delivery.ts'

const durationName = 'sendbox_request_duration_seconds'

function toDurationValues([operation, { counts, sumSeconds }]: readonly [
  string,
  { readonly counts: readonly number[]; readonly sumSeconds: number },
]) {
  let count = 0
  const buckets = counts.map((added, index) => {
    count += added
    const labels = { le: String(durationBuckets[index] ?? '+Inf'), operation }
    return { metricName: `${durationName}_bucket`, labels, value: count }
  })
  return [
    ...buckets,
    { metricName: `${durationName}_sum`, labels: { operation }, value: sumSeconds },
    { metricName: `${durationName}_count`, labels: { operation }, value: count },
  ]
}

/** A histogram with the buckets of `Metrics`, in the form that the registry reads. */
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

function registerCalls({ requests, faults, durations }: Metrics, registry: Registry): void {
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

async function collectGauges(services: Services, registers: Registry[]): Promise<void> {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers })
  const accountIds = await listAccountIds(services)
  gauge('sendbox_accounts', 'Accounts that anything is kept of').set(accountIds.length)
  const conversations = gauge('sendbox_conversations', 'Conversations, by stage', 'stage')
  for (const stage of ['OPEN', 'CLOSE']) conversations.set({ stage }, 0)
  const entries = gauge('sendbox_journal_entries', 'Requests that journals keep')
  const dropped = gauge('sendbox_journal_dropped', 'Requests that journals no longer keep')
  const help = 'Webhook deliveries that logs keep, by state'
  const deliveries = gauge('sendbox_webhook_deliveries', help, 'state')
  for (const state of DeliveryStateSchema.options) deliveries.set({ state }, 0)
  for (const accountId of await services.store.accountIds())
    for (const { state } of await services.store.list(accountId))
      conversations.inc({ stage: state.stage })
  for (const accountId of services.journals.accountIds()) {
    const journal = services.journals.peek(accountId)
    entries.inc(journal.length)
    dropped.inc(journal.dropped)
  }
  for (const accountId of services.webhooks.accountIds())
    for (const { state } of services.webhooks.peek(accountId).log.list()) deliveries.inc({ state })
  const version = await readPackageVersion()
  gauge('sendbox_build_info', 'The version of Sendbox', 'version').set({ version }, 1)
}

/** Renders all metrics in Prometheus' text format; gauges are collected now, counters were counted with each call. */
export async function renderMetrics(
  services: Services,
): Promise<{ readonly contentType: string; readonly text: string }> {
  const registry = new Registry()
  registerCalls(services.metrics, registry)
  await collectGauges(services, [registry])
  return { contentType: registry.contentType, text: await registry.metrics() }
}

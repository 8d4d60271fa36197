import type { Webhooks } from '../webhooks/webhooks.ts'
import {
  toArrival,
  type UnfinishedDelivery,
  type WebhooksSnapshot,
} from '../webhooks/webhooks-snapshot.ts'
import type { DataChange, DataRow } from './database.ts'

const initialInstall = {
  phase: 'UP',
  failures: 0,
  failing: [],
  lastOfOutage: -1,
  retentionMs: 0,
} as const

/** Stands for a row on disk that the next commit writes or removes. */
const unknownText = 'unknown'

/** The snapshot that an account's rows hold; `undefined` if they hold none. */
function toSnapshot(rows: readonly DataRow[]): WebhooksSnapshot | undefined {
  const deliveries = rows.flatMap(({ key, value }) =>
    key[0] === 'delivery' ? [value as UnfinishedDelivery] : [],
  )
  const retries = rows.find(({ key }) => key[0] === 'webhooks')?.value as
    | WebhooksSnapshot
    | undefined
  if (retries === undefined) return undefined
  const known = new Map(retries.installs.map(install => [install.clientId, install]))
  const clientIds = new Set([
    ...known.keys(),
    ...deliveries.map(({ delivery }) => delivery.clientId),
  ])
  return {
    lastNumber: retries.lastNumber,
    installs: [...clientIds].map(clientId => ({
      ...(known.get(clientId) ?? { ...initialInstall, clientId, failing: [] }),
      events: deliveries.filter(({ delivery }) => delivery.clientId === clientId),
    })),
  }
}

/** The outboxes of all accounts, a row for each delivery that has not ended, and the changes that bring those on disk up to date. */
export class PersistedOutbox {
  readonly #webhooks: Webhooks
  /** The arrivals of the deliveries that changed, by account id. */
  readonly #dirty = new Map<string, Set<number>>()
  /** The JSON texts of the states of retries that are on disk or queued, by account id. */
  readonly #retries = new Map<string, string>()

  constructor(webhooks: Webhooks) {
    this.#webhooks = webhooks
  }

  /** Reports a change of a delivery, by its arrival. */
  markDirty(accountId: string, arrival: number): void {
    const arrivals = this.#dirty.get(accountId)
    if (arrivals) arrivals.add(arrival)
    else this.#dirty.set(accountId, new Set([arrival]))
  }

  /** The changes of an account since the last call. */
  collectChanges(accountId: string): DataChange[] {
    const arrivals = [...(this.#dirty.get(accountId) ?? [])]
    this.#dirty.delete(accountId)
    const changes: DataChange[] = arrivals.map(arrival => ({
      key: ['delivery', arrival],
      value: this.#webhooks.findUnfinished(accountId, arrival),
    }))
    const retries = this.#webhooks.captureRetries(accountId)
    const text = JSON.stringify(retries) as string | undefined
    if (this.#retries.get(accountId) === text) return changes
    if (text === undefined) this.#retries.delete(accountId)
    else this.#retries.set(accountId, text)
    return [...changes, { key: ['webhooks'], value: retries }]
  }

  /** Resumes the deliveries on disk. */
  load(accountId: string, rows: readonly DataRow[]): void {
    const webhooks = toSnapshot(rows)
    if (webhooks === undefined) return
    this.#webhooks.restore(accountId, { webhooks })
    this.#retries.set(accountId, unknownText)
  }

  /** After a failed commit: the next one writes all deliveries, and removes those on disk that have ended. */
  rollBack(accountId: string, rows: readonly DataRow[]): void {
    const { installs } = this.#webhooks.snapshot(accountId).webhooks
    for (const { key } of rows) if (key[0] === 'delivery') this.markDirty(accountId, Number(key[1]))
    for (const { events } of installs)
      for (const { delivery } of events) this.markDirty(accountId, toArrival(delivery.deliveryId))
    this.#retries.set(accountId, unknownText)
  }
}

import type { Database, RootDatabase } from 'lmdb'
import { toArrival } from '../webhooks/webhooks-snapshot.ts'
import { encodeRow } from './row-codec.js'

type Key = (number | string)[]

interface Row {
  readonly key: Key
  readonly value: unknown
}

/** The document of an account's webhooks, which had the stored deliveries in it. */
interface WebhooksDocument {
  readonly installs: readonly {
    readonly events: readonly {
      readonly event: { readonly arrival: number }
      readonly delivery: { readonly deliveryId: string }
    }[]
  }[]
}

/** The rows of format 2 that a row of format 1 becomes: the number of the account is first, and deliveries have rows of their own. */
function toRows([kind = '', account = 0, ...rest]: Key, value: unknown): Row[] {
  if (kind === 'account') return [{ key: ['account', account], value }]
  if (kind !== 'document' || rest[0] !== 'webhooks')
    return [{ key: [account, kind, ...rest], value }]
  const webhooks = value as WebhooksDocument
  const installs = webhooks.installs.map(install => ({ ...install, events: [] }))
  const events = webhooks.installs.flatMap(install => install.events)
  return [
    { key: [account, 'webhooks'], value: { ...webhooks, installs } },
    ...events.map(event => ({
      key: [account, 'delivery', toArrival(event.delivery.deliveryId)],
      value: event,
    })),
  ]
}

/** Rewrites the rows of format 1 as rows of format 2, in one transaction; does nothing where that was done. */
export async function upgradeRows(
  root: RootDatabase<unknown, Key>,
  rows: Database<Uint8Array, Key>,
): Promise<void> {
  const documents = root.openDB<unknown, Key>('documents', { encoding: 'json' })
  const files = root.openDB<Uint8Array, Key>('files', { encoding: 'binary' })
  await root.batch(() => {
    for (const old of [documents, files])
      for (const { key, value } of old.getRange()) {
        for (const row of toRows(key, value)) void rows.put(row.key, encodeRow(row.key, row.value))
        void old.remove(key)
      }
  })
}

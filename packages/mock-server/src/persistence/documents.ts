import type { ClockSnapshot } from '../accounts/account-clock.ts'
import type { AppInstall } from '../accounts/app-installs.ts'
import type { RandomSnapshot } from '../accounts/random-source.ts'
import type { Services } from '../services.ts'
import type { WebhooksSnapshot } from '../webhooks/webhooks-snapshot.ts'
import type { Database, DataChange } from './database.ts'

/** What an account is beside its conversations, its profiles and its files. */
interface DocumentValues {
  readonly clock?: ClockSnapshot
  /** With its secrets: it is for this machine alone. */
  readonly install?: AppInstall | undefined
  readonly random?: RandomSnapshot | undefined
  readonly webhooks?: WebhooksSnapshot
}

type DocumentName = keyof DocumentValues

export type DocumentParts = Pick<Services, 'clocks' | 'installs' | 'random' | 'webhooks'>

/** What each document is where nothing was ever said. */
const untouched: Readonly<Record<DocumentName, string | undefined>> = {
  clock: JSON.stringify({ offsetMs: 0, frozenAt: null } satisfies ClockSnapshot),
  install: undefined,
  random: undefined,
  webhooks: JSON.stringify({ lastNumber: 0, installs: [] } satisfies WebhooksSnapshot),
}

/** Finds out which documents of an account differ from what was last queued to be written. */
export class AccountDocuments {
  readonly #parts: DocumentParts
  readonly #queued = new Map<string, Map<DocumentName, string | undefined>>()
  readonly #changedWebhooks = new Set<string>()

  constructor(parts: DocumentParts) {
    this.#parts = parts
  }

  markWebhooksDirty(accountId: string): void {
    this.#changedWebhooks.add(accountId)
  }

  /** The changes of an account since they were last asked for; stored webhooks are many, so only with `all`. */
  collect(accountId: string, account: number, { all }: { readonly all: boolean }): DataChange[] {
    const { clocks, installs, random } = this.#parts
    const documents: Partial<Record<DocumentName, unknown>> = {
      clock: clocks.of(accountId).snapshot(),
      install: installs.replacementOf(accountId),
      random: random.snapshot(accountId),
      ...(all && this.#takeWebhooks(accountId)),
    }
    const queued = this.#queued.get(accountId) ?? new Map<DocumentName, string | undefined>()
    this.#queued.set(accountId, queued)
    const changes: DataChange[] = []
    for (const name of Object.keys(documents) as DocumentName[]) {
      const value = documents[name]
      const text = value === undefined ? undefined : JSON.stringify(value)
      if (text === (queued.has(name) ? queued.get(name) : untouched[name])) continue
      queued.set(name, text)
      changes.push({ key: ['document', account, name], value })
    }
    return changes
  }

  /** Lets all documents of an account be written anew, because the last ones may not have been. */
  forget(accountId: string): void {
    const queued = new Map<DocumentName, string | undefined>()
    for (const name of Object.keys(untouched) as DocumentName[]) queued.set(name, 'not known')
    this.#queued.set(accountId, queued)
    this.#changedWebhooks.add(accountId)
  }

  /** Puts the install of an account back to what is on disk. */
  rollBackInstall(accountId: string, account: number, database: Database): void {
    this.#parts.installs.putReplacement(accountId, readDocuments(database, account).install)
  }

  /** Brings an account to what its documents say; webhooks go on at once, so they come last. */
  load(accountId: string, account: number, database: Database): void {
    const { clock, install, random, webhooks } = readDocuments(database, account)
    const { clocks, installs, random: source } = this.#parts
    if (clock) clocks.of(accountId).restore(clock)
    installs.putReplacement(accountId, install)
    if (random) source.restore(accountId, random)
    this.collect(accountId, account, { all: false })
    if (webhooks) this.#parts.webhooks.restore(accountId, webhooks)
  }

  #takeWebhooks(accountId: string): { readonly webhooks: WebhooksSnapshot } | undefined {
    const isChanged = this.#changedWebhooks.delete(accountId)
    return isChanged ? { webhooks: this.#parts.webhooks.snapshot(accountId) } : undefined
  }
}

const readDocuments = (database: Database, account: number): DocumentValues => {
  const documents = [...database.read('document', account)].map(({ key, value }) => [key[2], value])
  return Object.fromEntries(documents) as DocumentValues
}

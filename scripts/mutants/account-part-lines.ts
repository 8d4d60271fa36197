import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../copy-checkout.ts'

/** Folder of the package that has the account parts. */
export const folder = 'packages/mock-server'

/** A part of a file, from the first line that contains `from` to the next line that begins with `to`. */
interface List {
  readonly file: string
  readonly from: string
  readonly to: string
  /** Whether `from` and `to` are deleted with what is between them, as one entry more. */
  readonly isEntry?: true
}

const functionOf = (file: string, from: string): List => ({ file, from, to: '}' })

const methodsOf = (file: string, ...starts: readonly string[]): List[] =>
  starts.map(from => ({ file, from, to: '  }' }))

const documentOf = (file: string): List => ({
  file,
  from: 'readonly document: PartDocument',
  to: '  }',
  isEntry: true,
})

const listing = 'accountIds(): '
const reset = 'reset(accountId?: string'
const snapshot = 'snapshot(accountId: string'
const restore = 'restore(accountId: string'

/**
 * The lines that count: where an account part is registered, listed, reset, copied to and restored from a snapshot, and handed to the data
 * folder. How conversations and files become rows, and deliveries JSON, is not among them; their own tests and mutants.json show that.
 */
const lists: readonly List[] = [
  { file: 'src/accounts/account-part.ts', from: 'export const partNames', to: ']' },
  ...methodsOf(
    'src/accounts/account-part.ts',
    '  accountIds(): readonly string[] {',
    'reset(accountId?: string): void {',
  ),
  functionOf('src/services.ts', 'export interface AccountParts'),
  { file: 'src/app/create-app.ts', from: 'const services: Services = {', to: '  }' },
  functionOf('src/lifecycle/snapshot-schema.ts', 'const partFields = {'),
  functionOf('src/lifecycle/accounts.ts', 'export async function listAccountIds'),
  functionOf('src/lifecycle/reset.ts', 'export async function resetAccounts'),
  functionOf('src/lifecycle/snapshot.ts', '): Promise<AccountSnapshot> {'),
  functionOf('src/lifecycle/snapshot.ts', 'export async function restoreAccount'),
  documentOf('src/accounts/clocks.ts'),
  ...methodsOf('src/accounts/account-clock.ts', 'restore({ offsetMs', '  #changed(): '),
  ...methodsOf('src/accounts/clocks.ts', snapshot, restore, 'override end('),
  documentOf('src/accounts/account-settings.ts'),
  ...methodsOf('src/accounts/account-settings.ts', '#replace(', snapshot, restore),
  documentOf('src/accounts/app-installs.ts'),
  ...methodsOf('src/accounts/app-installs.ts', snapshot, restore),
  documentOf('src/accounts/random-source.ts'),
  ...methodsOf('src/accounts/random-source.ts', snapshot, restore),
  ...methodsOf('src/accounts/rate-limit.ts', restore),
  ...methodsOf('src/agent/bots.ts', snapshot, restore),
  ...methodsOf('src/files/file-store.ts', listing, reset, snapshot, restore),
  ...methodsOf('src/faults/faults.ts', listing, reset),
  ...methodsOf('src/faults/held-calls.ts', 'drop(accountId?: string'),
  ...methodsOf('src/faults/registry.ts', 'reset(): '),
  ...methodsOf('src/journal/journal.ts', 'clear(): ', 'reset(): ', listing, reset),
  ...methodsOf('src/store/memory-state-store.ts', listing, reset, snapshot, restore),
  ...methodsOf('src/webhooks/webhooks.ts', snapshot, restore, 'override end('),
  ...methodsOf(
    'src/webhooks/account-webhooks.ts',
    'snapshot(): ',
    '#capture(',
    'restore({ ',
    'stop(): ',
  ),
  ...methodsOf('src/webhooks/install-dispatcher.ts', 'restore(', 'stop(): '),
  ...methodsOf('src/persistence/documents.ts', 'load(accountId', 'rollBack('),
  ...methodsOf('src/persistence/files.ts', 'markDirty('),
  ...methodsOf('src/persistence/outbox.ts', 'markDirty(', 'load(accountId', 'rollBack('),
  ...methodsOf('src/persistence/durable-state-store.ts', 'loadRows(', reset, restore),
  ...methodsOf('src/persistence/persistence.ts', 'markFilesDirty(', 'markWebhooksDirty('),
  ...methodsOf('src/persistence/persistence.ts', 'async load(', '  flush(', 'async flushAll('),
  ...methodsOf('src/persistence/persistence.ts', 'async #flushThese('),
]

/** Consecutive lines of a file that can be forgotten: a line, and the deeper ones below it. */
export interface Entry {
  readonly file: string
  /** Index of the first and of the last line. */
  readonly first: number
  readonly last: number
  readonly text: string
}

interface Line {
  readonly text: string
  readonly index: number
}

const indentOf = ({ text }: Line): number => text.length - text.trimStart().length

/** The entries of the lowest indentation, each followed by the entries inside of it; closing brackets belong to the entry before them. */
function findEntries(file: string, lines: readonly Line[]): Entry[] {
  const lowest = Math.min(...lines.map(indentOf))
  const starts = lines.flatMap((line, position) =>
    indentOf(line) === lowest && !/^\s*[)\]}]/.test(line.text) ? [position] : [],
  )
  return starts.flatMap((start, order) => {
    const [head, ...others] = lines.slice(start, starts[order + 1])
    if (head === undefined) return []
    const last = others.at(-1)?.index ?? head.index
    const inner = others.filter(line => indentOf(line) > lowest)
    return [
      { file, first: head.index, last, text: head.text.trim() },
      ...(inner.length > 0 ? findEntries(file, inner) : []),
    ]
  })
}

function entriesOf({ file, from, to, isEntry }: List): Entry[] {
  const lines = readFileSync(join(root, folder, file), 'utf8').split('\n')
  const first = lines.findIndex(line => line.includes(from))
  const last = lines.findIndex((line, index) => index > first && line.startsWith(to))
  if (first === -1 || last === -1) throw new Error(`${file} has no list from "${from}" to "${to}"`)
  const inner = lines
    .map((text, index) => ({ text, index }))
    .slice(first + 1, last)
    .filter(({ text }) => text.trim() !== '' && !/^\s*(?:\/\/|\/?\*)/.test(text))
  const text = lines[first]?.trim() ?? ''
  return [...(isEntry ? [{ file, first, last, text }] : []), ...findEntries(file, inner)]
}

/** Each line that registers, lists, resets, copies, restores or persists an account part. */
export const findAccountPartLines = (): Entry[] => lists.flatMap(entriesOf)

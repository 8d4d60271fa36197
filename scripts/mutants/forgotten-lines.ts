// Deletes each entry of the lists of account parts, one at a time, and reports which deletion neither the compiler nor a test notices.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { copyCheckout, root } from './copy-checkout.ts'
import { run, runOwnTests } from './run-tests.ts'

const folder = 'packages/mock-server'

/** A part of a file, from the first line that contains `from` to the next line that begins with `to`. */
interface List {
  readonly file: string
  readonly from: string
  readonly to: string
  /** Whether it is deleted as a whole, `from` and `to` included, not entry by entry. */
  readonly isOne?: true
}

const documentOf = (file: string): List[] => {
  const list = { file, from: 'readonly document: PartDocument', to: '  }' }
  return [{ ...list, isOne: true }, list]
}

/** Where an account part is registered or listed, and the loops over the parts. */
const lists: readonly List[] = [
  { file: 'src/accounts/account-part.ts', from: 'export const partNames', to: ']' },
  { file: 'src/services.ts', from: 'export interface AccountParts', to: '}' },
  { file: 'src/app/create-app.ts', from: 'const services: Services = {', to: '  }' },
  { file: 'src/lifecycle/snapshot-schema.ts', from: 'const partFields = {', to: '}' },
  { file: 'src/lifecycle/accounts.ts', from: 'export async function listAccountIds', to: '}' },
  { file: 'src/lifecycle/reset.ts', from: 'export async function resetAccounts', to: '}' },
  { file: 'src/lifecycle/snapshot.ts', from: 'for (const name of partNames)', to: '  }' },
  { file: 'src/lifecycle/snapshot.ts', from: 'export async function restoreAccount', to: '}' },
  { file: 'src/persistence/documents.ts', from: 'load(accountId: string', to: '  }' },
  { file: 'src/persistence/documents.ts', from: 'rollBack(accountId: string', to: '  }' },
  { file: 'src/persistence/persistence.ts', from: 'async load(services', to: '  }' },
  { file: 'src/persistence/persistence.ts', from: 'async flushAll()', to: '  }' },
  ...documentOf('src/accounts/account-clock.ts'),
  ...documentOf('src/accounts/app-installs.ts'),
  ...documentOf('src/accounts/random-source.ts'),
  ...documentOf('src/webhooks/webhooks.ts'),
]

const help = `Deletes each line that registers or lists an account part, one at a time.

  pnpm run forgotten-lines [--list]

  --list  only prints the entries

Ends with 1 if a deletion goes unnoticed.
`

const { values } = parseArgs({
  options: {
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const indentOf = (line: string): number => line.length - line.trimStart().length

interface Entry {
  readonly file: string
  readonly first: number
  readonly last: number
  readonly text: string
}

/** The entries of a list: each line of its lowest indentation, with the deeper lines below it; comments and closing brackets join. */
function findEntries({ file, from, to, isOne }: List): Entry[] {
  const lines = readFileSync(join(root, folder, file), 'utf8').split('\n')
  const start = lines.findIndex(line => line.includes(from))
  const end = lines.findIndex((line, index) => index > start && line.startsWith(to))
  if (start === -1 || end === -1) throw new Error(`${file} has no list from "${from}" to "${to}"`)
  if (isOne) return [{ file, first: start, last: end, text: lines[start]?.trim() ?? '' }]
  const filled = lines
    .map((line, index) => ({ line, index }))
    .slice(start + 1, end)
    .filter(({ line }) => line.trim() !== '' && !/^\s*(?:\/\/|\/?\*)/.test(line))
  const lowest = Math.min(...filled.map(({ line }) => indentOf(line)))
  const starts = filled.filter(({ line }) => indentOf(line) === lowest && !/^\s*[)\]}]/.test(line))
  return starts.map(({ line, index }, position) => ({
    file,
    first: index,
    last: Math.max(
      ...filled
        .map(other => other.index)
        .filter(other => other < (starts[position + 1]?.index ?? end)),
    ),
    text: line.trim(),
  }))
}

async function notice(copy: string, { file, first, last }: Entry): Promise<string | undefined> {
  const path = join(copy, folder, file)
  const source = readFileSync(path, 'utf8')
  const kept = source.split('\n').filter((_, index) => index < first || index > last)
  writeFileSync(path, kept.join('\n'))
  try {
    const status = await run('tsc', ['-b', folder], copy)
    return status === 0 ? await runOwnTests(copy, folder) : 'the compiler'
  } finally {
    writeFileSync(path, source)
  }
}

if (values.help) process.stdout.write(help)
else {
  const entries = lists.flatMap(findEntries)
  say(`${entries.length} entries`)
  if (values.list) for (const { file, first, text } of entries) say(`${file}:${first + 1} ${text}`)
  else {
    using copy = copyCheckout()
    let unnoticed = 0
    for (const entry of entries) {
      const noticedBy = await notice(copy.folder, entry)
      if (noticedBy === undefined) unnoticed += 1
      say(`${entry.file}:${entry.first + 1} ${entry.text}: ${noticedBy ?? 'NOT NOTICED'}`)
    }
    say(`${unnoticed} of ${entries.length} go unnoticed`)
    process.exitCode = unnoticed === 0 ? 0 : 1
  }
}

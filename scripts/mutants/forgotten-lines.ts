// Deletes each line that makes up an account part, one at a time, and stores what noticed it: a test, the compiler, or nothing.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { copyCheckout, root } from '../copy-checkout.ts'
import { type Entry, findAccountPartLines, folder } from './account-part-lines.ts'
import { run, runOwnTests, runTests } from './run-tests.ts'

/** The test of all account parts, which is likely to notice. */
const test = `${folder}/test/unit/lifecycle/account-parts.test.ts`

const help = `Deletes each line that registers, lists, resets, copies, restores or persists an account part, one at a
time, with the deeper lines below it.

  pnpm run forgotten-lines [--only FILE] [--list] [--all]

  --only FILE  those of one file: src/accounts/app-installs.ts
  --list       only prints them
  --all        also those whose result is stored for the same source

Ends with 1 if a deletion goes unnoticed.
`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    list: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** The test or the compiler that noticed one deletion; `digest` is that of the file that it was tried on. */
interface Result {
  readonly line: string
  readonly digest: string
  /** `null` for a deletion that went unnoticed. */
  readonly noticedBy: string | null
}

const resultsFile = join(root, 'test/architecture/forgotten-lines.json')

const describe = ({ file, first, text }: Entry): string => `${file}:${first + 1} ${text}`

const digestOf = (base: string, file: string): string =>
  createHash('sha256')
    .update(readFileSync(join(base, folder, file)))
    .digest('hex')
    .slice(0, 16)

/** The test of all parts is quicker than the compiler. */
async function notice(copy: string, { file, first, last }: Entry): Promise<string | null> {
  const path = join(copy, folder, file)
  const source = readFileSync(path, 'utf8')
  const kept = source.split('\n').filter((_, index) => index < first || index > last)
  writeFileSync(path, kept.join('\n'))
  try {
    const failed = await runTests(copy, folder, [['run', test]])
    if (failed !== undefined) return failed
    const status = await run('tsc', ['-b', folder], copy)
    return status === 0 ? ((await runOwnTests(copy, folder, { file })) ?? null) : 'the compiler'
  } finally {
    writeFileSync(path, source)
  }
}

async function tryAll(entries: readonly Entry[], results: Map<string, Result>): Promise<void> {
  using copy = copyCheckout()
  const failed = await runOwnTests(copy.folder, folder)
  if (failed !== undefined) throw new Error(`A test fails without a deletion: ${failed}`)
  for (const entry of entries) {
    const line = describe(entry)
    const noticedBy = await notice(copy.folder, entry)
    results.set(line, { line, digest: digestOf(copy.folder, entry.file), noticedBy })
    say(`${line}: ${noticedBy ?? 'NOT NOTICED'}`)
    writeFileSync(resultsFile, `${JSON.stringify([...results.values()], null, 2)}\n`)
  }
}

if (values.help) process.stdout.write(help)
else {
  const entries = findAccountPartLines()
  const stored = JSON.parse(readFileSync(resultsFile, 'utf8')) as Result[]
  const known = new Set(entries.map(describe))
  const results = new Map(stored.filter(({ line }) => known.has(line)).map(one => [one.line, one]))
  const isFresh = (entry: Entry): boolean =>
    results.get(describe(entry))?.digest === digestOf(root, entry.file)
  const pending = entries
    .filter(({ file }) => values.only === undefined || values.only === file)
    .filter(entry => values.all || !isFresh(entry))
  say(`${pending.length} of ${entries.length} lines to try`)
  if (values.list) for (const entry of pending) say(describe(entry))
  else if (pending.length > 0) await tryAll(pending, results)
  const unnoticed = entries.filter(entry => results.get(describe(entry))?.noticedBy === null)
  const missing = entries.filter(entry => !isFresh(entry))
  for (const entry of unnoticed) say(`not noticed: ${describe(entry)}`)
  say(`${unnoticed.length} of ${entries.length} go unnoticed, ${missing.length} are not tried`)
  process.exitCode = unnoticed.length + missing.length === 0 ? 0 : 1
}

// Deletes each line that makes up an account part, one at a time, and reports which deletion neither the compiler nor a test notices.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Entry, findAccountPartLines, folder } from './account-part-lines.ts'
import { copyCheckout } from './copy-checkout.ts'
import { run, runOwnTests } from './run-tests.ts'

/** The test of all account parts, which is likely to notice. */
const test = `${folder}/test/unit/lifecycle/account-parts.test.ts`

const help = `Deletes each line that registers, lists, resets, copies, restores or persists an account part, one at a
time, with the deeper lines below it.

  pnpm run forgotten-lines [--only FILE] [--list]

  --only FILE  those of one file: src/accounts/app-installs.ts
  --list       only prints them

Ends with 1 if a deletion goes unnoticed.
`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const say = (line: string): void => void process.stdout.write(`${line}\n`)

async function notice(copy: string, { file, first, last }: Entry): Promise<string | undefined> {
  const path = join(copy, folder, file)
  const source = readFileSync(path, 'utf8')
  const kept = source.split('\n').filter((_, index) => index < first || index > last)
  writeFileSync(path, kept.join('\n'))
  try {
    const status = await run('tsc', ['-b', folder], copy)
    return status === 0 ? await runOwnTests(copy, folder, { file, test }) : 'the compiler'
  } finally {
    writeFileSync(path, source)
  }
}

if (values.help) process.stdout.write(help)
else {
  const entries = findAccountPartLines().filter(
    ({ file }) => values.only === undefined || values.only === file,
  )
  say(`${entries.length} entries`)
  if (values.list) for (const { file, first, text } of entries) say(`${file}:${first + 1} ${text}`)
  else {
    using copy = copyCheckout()
    const failed = await runOwnTests(copy.folder, folder)
    if (failed !== undefined) throw new Error(`A test fails without a deletion: ${failed}`)
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

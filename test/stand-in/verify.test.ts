import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createTemporaryFolder } from '../temporary-folder.ts'
import { runContractsCommand, startContractsCommand } from './contracts-command.ts'
import { startStandIn, type WrongWay } from './start.ts'
import { standInClient } from './tokens.ts'
import { wrongSigns } from './wrong-signs.ts'

interface Item {
  readonly name: string
  readonly verdict: string
  readonly reason?: string
  readonly failure?: { readonly problems: readonly string[] }
}

interface Drift {
  readonly groups: readonly {
    readonly rows: readonly {
      readonly id: string
      readonly mock: 'never' | { readonly verdict: string }
      readonly live: 'never' | { readonly verdict: string; readonly target: string }
    }[]
  }[]
}

const wrongWays = Object.keys(wrongSigns) as WrongWay[]

const readJson = async <Value>(path: string): Promise<Value> =>
  JSON.parse(await readFile(path, 'utf8')) as Value

/** The only result of a live run in a folder. */
async function readResult(folder: string): Promise<{ items: Item[]; leftOpen: string[] }> {
  const names = await readdir(join(folder, 'live-runs'))
  expect(names).toEqual([
    expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-[\da-f]{8}\.json$/),
  ])
  return readJson(join(folder, 'live-runs', names[0] ?? ''))
}

const problemsOf = (items: readonly Item[]): string[] =>
  items.flatMap(({ failure }) => failure?.problems ?? [])

const verify = ['verify', '--yes', '--target'] as const

test('a service that is not the mock and right in all keeps the contracts, and nothing stays open', async () => {
  await using standIn = await startStandIn()
  await using folder = await createTemporaryFolder()
  const { exitCode, output } = await runContractsCommand(folder.path, [...verify, standIn.url])
  expect([exitCode, output]).toEqual([0, expect.stringContaining('The contracts hold.')])
  const { items, leftOpen } = await readResult(folder.path)
  expect(problemsOf(items)).toEqual([])
  expect(items.filter(({ verdict }) => verdict === 'passed').length).toBeGreaterThan(15)
  expect(items.find(({ name }) => name === 'shared-sequences')).toMatchObject({
    verdict: 'leftOut',
    reason: "it needs an agent's hand",
  })
  expect(output).toContain("left out  trace shared-sequences: it needs an agent's hand\n")
  expect(leftOpen).toEqual([])
  const conversations = [...standIn.conversations.values()]
  expect(conversations.length).toBeGreaterThan(10)
  expect(conversations.filter(({ isOpen }) => isOpen)).toEqual([])
})

test('a service that is wrong in three ways is wrong in exactly these, and drift shows them', async () => {
  await using standIn = await startStandIn(wrongWays)
  await using folder = await createTemporaryFolder()
  const args = ['drift', '--yes', '--target', standIn.url]
  const { exitCode, output } = await runContractsCommand(folder.path, args)
  expect([exitCode, output]).toEqual([1, expect.stringContaining('The contracts do not hold.')])
  const { items } = await readResult(folder.path)
  const problems = problemsOf(items)
  const found = wrongWays.filter(way => problems.some(problem => wrongSigns[way].test(problem)))
  expect(found).toEqual(wrongWays)
  const others = problems.filter(problem => !wrongWays.some(way => wrongSigns[way].test(problem)))
  expect(others).toEqual([])
  expect([...standIn.conversations.values()].filter(({ isOpen }) => isOpen)).toEqual([])

  const drift = await readJson<Drift>(join(folder.path, 'reports', 'drift.json'))
  const rows = drift.groups.flatMap(group => group.rows)
  const broken = rows.filter(({ live }) => live !== 'never' && live.verdict === 'failed')
  expect(broken.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['SEQ-4', 'LIF-2.1', 'EP-12.2']),
  )
  expect(rows.map(({ mock }) => mock)).toEqual(rows.map(() => 'never'))
  const page = await readFile(join(folder.path, 'reports', 'drift.html'), 'utf8')
  expect(page).toContain('received &quot;Conversation is closed&quot;')
  expect(page).not.toMatch(/<(script|link|img)/)

  const stored = await Promise.all(
    (await readdir(folder.path, { recursive: true, withFileTypes: true }))
      .filter(entry => entry.isFile())
      .map(entry => readFile(join(entry.parentPath, entry.name), 'utf8')),
  )
  expect(stored.length).toBe(3)
  for (const text of [output, ...stored]) {
    expect(text).not.toContain(standInClient.clientSecret)
    expect(text).not.toMatch(/eyJ[\w-]{10,}/)
  }
})

test('a service without the right secret is a matter of set-up, and nothing is opened', async () => {
  await using standIn = await startStandIn()
  await using folder = await createTemporaryFolder()
  const secret = 'a-wrong-secret'
  const { exitCode, output } = await runContractsCommand(folder.path, [...verify, standIn.url], {
    SENDBOX_CLIENT_SECRET: secret,
  })
  expect(exitCode).toBe(2)
  expect(output).toContain(
    `error: ${standIn.url} gives no tokens to account ${standInClient.accountId}. Check SENDBOX_CLIENT_ID and SENDBOX_CLIENT_SECRET, and that the app is installed\n`,
  )
  expect(output).not.toContain(secret)
  expect(standIn.conversations.size).toBe(0)
})

test('Ctrl-C ends a run after the interaction that runs, and closes what it had opened', async () => {
  await using standIn = await startStandIn()
  await using folder = await createTemporaryFolder()
  const command = startContractsCommand(folder.path, [...verify, standIn.url])
  await command.waitFor(/passed {4}pact .*\n/)
  command.interrupt()
  const { exitCode, output } = await command.ended
  expect([exitCode, output]).toEqual([1, expect.stringContaining('error: Interrupted.')])
  expect(output).toContain('Interrupted: the rest was not verified.')
  expect(output).not.toContain('The contracts hold.')
  const { items } = await readResult(folder.path)
  expect(problemsOf(items)).toEqual([])
  expect(items.at(-1)).toMatchObject({ verdict: 'leftOut', reason: 'the run was interrupted' })
  expect(standIn.conversations.size).toBeGreaterThan(0)
  expect([...standIn.conversations.values()].filter(({ isOpen }) => isOpen)).toEqual([])
})

import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../../', import.meta.url)
const folder = new URL('.github/workflows/', root)
const workflows = readdirSync(folder).map(
  name => [name, readFileSync(new URL(name, folder), 'utf8')] as const,
)
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')

/** The steps of a workflow, each as its lines. */
const stepsOf = (text: string): string[] => text.split(/^ {6}- /m).slice(1)

test('the workflows are those that this file knows', () => {
  expect(workflows.map(([name]) => name)).toEqual(['ci.yml', 'live.yml', 'scorecard.yml'])
})

test.each(workflows)('%s pins each action by commit, with its version beside it', (_, text) => {
  const uses = text.match(/\buses:.*/g) ?? []
  expect(uses.length).toBeGreaterThan(0)
  expect(
    uses.filter(line => !/^uses: [\w-]+\/[\w-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/.test(line)),
  ).toEqual([])
})

test('one version of an action has one commit', () => {
  const uses = workflows.flatMap(([, text]) => text.match(/\buses:.*/g) ?? [])
  const actions = uses.map(line => line.replace(/@.*/, ''))
  expect(new Set(uses).size).toBe(new Set(actions).size)
})

test.each(workflows)('%s leaves no credentials in its checkouts', (_, text) => {
  const checkouts = stepsOf(text).filter(step => step.startsWith('uses: actions/checkout@'))
  expect(checkouts.length).toBe((text.match(/actions\/checkout@/g) ?? []).length)
  expect(
    checkouts.filter(
      step => !/\n {8}with:\n(?: {10}.*\n)* {10}persist-credentials: false\n/.test(step),
    ),
  ).toEqual([])
})

test.each(workflows)('%s may read the repository and nothing else', (_, text) => {
  expect(text).toContain('\npermissions:\n  contents: read\n\n')
  expect(text).not.toMatch(/: write\b|write-all|pull_request_target/)
})

test('whoever starts the live workflow does not choose where the secrets go', () => {
  const live = read('live.yml')
  expect(live).toContain('\n    environment: live\n')
  expect(live).toContain(`TARGET: $\{{ vars.SENDBOX_TARGET }}\n`)
  expect(live).not.toMatch(/\binputs\b/)
})

test('a version that was released in the last three days is not added to the lockfile', () => {
  const workspace = readFileSync(new URL('pnpm-workspace.yaml', root), 'utf8')
  expect(workspace).toMatch(/^minimumReleaseAge: 4320$/m)
  expect(workspace).not.toContain('minimumReleaseAgeExclude')
})

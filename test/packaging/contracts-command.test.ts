import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, inject, test } from 'vitest'
import { runPasted } from './run-node.ts'

const foreignPacts = fileURLToPath(
  new URL('../../contracts/examples/foreign-pacts/', import.meta.url),
)

/** A folder of the consumer, with the pacts of another team. */
async function createProject(): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = await mkdtemp(join(inject('consumerFolder'), 'project-'))
  for (const path of ['pacts', 'wrong'])
    await cp(join(foreignPacts, path), join(folder, path), { recursive: true })
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

const verify = 'npx --no -- sendbox-contracts verify --target mock'

test('the installed command verifies the pacts of another team, and leaves the report that it was asked for', async () => {
  await using project = await createProject()
  const { folder } = project
  const report = '--report junit=reports/contracts.xml'
  expect(runPasted(`${verify} --pact pacts/*.json ${report}`, folder)).toEqual({
    status: 0,
    output: expect.stringContaining('The contracts hold. mock: 5 passed, 0 failed, 0 left out.'),
  })
  expect((await readdir(folder)).toSorted()).toEqual(['pacts', 'reports', 'wrong'])
  expect(await readFile(join(folder, 'reports/contracts.xml'), 'utf8')).toContain(
    '<testsuite name="pacts" tests="5" failures="0"',
  )
})

test('the installed command verifies its own pacts and traces for drift', async () => {
  await using project = await createProject()
  const { folder } = project
  const drift = runPasted('npx --no -- sendbox-contracts drift --target mock', folder)
  expect(drift).toMatchObject({
    status: 0,
    output: expect.stringMatching(/ [5-9]\d passed, 0 failed/),
  })
  expect((await readdir(folder)).toSorted()).toEqual(['pacts', 'reports', 'wrong'])
})

test('a failure prints a command that works where it is printed', async () => {
  await using project = await createProject()
  const { status, output } = runPasted(`${verify} --pact wrong/*.json`, project.folder)
  expect(status).toBe(1)
  const hint = /^What a rule says: (.*) <id>$/m.exec(output)?.[1]
  expect(hint).toBeDefined()
  expect(runPasted(`${hint} SEQ-1`, project.folder)).toEqual({
    status: 0,
    output: expect.stringContaining('SEQ-1'),
  })
})

test('--version is that of the package', async () => {
  const installed = join(inject('consumerFolder'), 'node_modules/@sendbox/contracts')
  const { version } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
    readonly version: string
  }
  expect(runPasted('npx --no -- sendbox-contracts --version', inject('consumerFolder'))).toEqual({
    status: 0,
    output: `${version}\n`,
  })
})

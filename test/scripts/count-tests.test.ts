import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createTemporaryFolder } from '../temporary-folder.ts'

const script = fileURLToPath(new URL('../../scripts/count-tests.js', import.meta.url))

/** Counts the tests of one report, which has these results. */
async function count(results: readonly (readonly [name: string, status: string])[]) {
  await using folder = await createTemporaryFolder()
  const ofStatus = (wanted: string) => results.filter(([, status]) => status === wanted).length
  const report = {
    numPassedTests: ofStatus('passed'),
    numFailedTests: ofStatus('failed'),
    numPendingTests: ofStatus('skipped'),
    numTodoTests: ofStatus('todo'),
    testResults: [
      {
        status: 'passed',
        assertionResults: results.map(([fullName, status]) => ({ fullName, status })),
      },
    ],
  }
  await writeFile(join(folder.path, 'report.json'), JSON.stringify(report))
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, folder.path], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('counts what passed, and what was skipped with a known reason', async () => {
  const skipped = 'Go is NOT RUN: "go version" fails on this machine'
  expect(
    await count([
      ['one', 'passed'],
      [skipped, 'skipped'],
    ]),
  ).toEqual({ status: 0, stdout: '1 passed, 0 failed, 1 skipped\n', stderr: '' })
})

test.each(['skipped', 'todo'])(
  'fails for a test that is %s without a known reason',
  async status => {
    expect(
      await count([
        ['one', 'passed'],
        ['two', status],
      ]),
    ).toEqual({
      status: 1,
      stdout: '1 passed, 0 failed, 1 skipped\n',
      stderr: 'Skipped, and not in scripts/known-skips.json: two\n',
    })
  },
)

test('fails where no test passed, and where one failed', async () => {
  expect((await count([])).status).toBe(1)
  expect(
    await count([
      ['one', 'passed'],
      ['two', 'failed'],
    ]),
  ).toEqual({ status: 1, stdout: '1 passed, 1 failed\n', stderr: '' })
})

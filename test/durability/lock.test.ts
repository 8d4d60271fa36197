import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { createDataFolder } from './data-folder.ts'
import { createCaller, openTalk } from './load.ts'
import { root, sourceFlags, sourceProgram, startFlags, startMock } from './start-mock.ts'

const run = promisify(execFile)
const twoThreads = fileURLToPath(new URL('./two-threads.ts', import.meta.url))

const refusal = (folder: string, who: string): string =>
  `The data folder ${folder} is in use by ${who}: stop that mock, or choose another folder`

test('two threads of one process cannot share a folder, and a thread that ended leaves it free', async () => {
  const folder = await createDataFolder()
  const { stdout } = await run(process.execPath, [...sourceFlags, twoThreads, folder], {
    cwd: root,
  })
  expect(JSON.parse(stdout)).toEqual({
    meanwhile: `DataError: ${refusal(folder, 'another thread of this process')}`,
    afterwards: 'started',
  })
})

test('a folder whose lock.mdb was removed is refused all the same, and loses nothing', async () => {
  const folder = await createDataFolder()
  {
    await using first = await startMock('--data', folder)
    await rm(path.join(folder, 'lmdb', 'lock.mdb'))
    await expect(startMock('--data', folder)).rejects.toThrow(
      refusal(folder, `process ${first.child.pid}`),
    )
    const caller = createCaller(first.url, 1)
    await openTalk(caller, '1', 'zoe')
    await caller.destroy()
  }
  await using again = await startMock('--data', folder)
  const caller = createCaller(again.url, 1)
  const { json } = await caller.call('GET', '/__sendbox/accounts/1/snapshot')
  await caller.destroy()
  expect((json as { readonly conversations: readonly unknown[] }).conversations).toHaveLength(1)
})

/** A process id namespace of its own, as each container has: there the mock is process 1. */
const inContainer = ['--pid', '--fork', '--mount-proc', '--kill-child']

const canUnshare = await run('unshare', [...inContainer, 'true']).then(
  () => true,
  () => false,
)

test('two containers, in each of which the mock is process 1, cannot share a folder', async ({
  skip,
}) => {
  skip(!canUnshare && process.env['CI'] === undefined, 'it needs unshare, and may not use it')
  const folder = await createDataFolder()
  const mock = [process.execPath, ...sourceProgram, ...startFlags, '--data', folder]
  const start = () =>
    spawn('unshare', [...inContainer, ...mock], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const first = start()
  await once(first.stdout, 'data')
  const second = start()
  const [errors, [code]] = await Promise.all([text(second.stderr), once(second, 'close')])
  first.kill('SIGKILL')
  await once(first, 'close')
  expect([code, errors]).toEqual([
    1,
    expect.stringMatching(/in use by|see that no mock in another container has it/),
  ])
  await using third = await startMock('--data', folder)
  expect(await third.stop()).toBe(0)
})

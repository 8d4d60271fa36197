import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { createDataFolder } from './data-folder.ts'
import { createCaller, openTalk, toSend } from './load.ts'
import { root, sourceProgram, startFlags } from './start-mock.ts'

const hasStrace = await promisify(execFile)('strace', ['-V']).then(
  () => true,
  () => false,
)

/** Syncs of the database, and the synchronous writes of its head: one of each a commit. */
async function countSyncs(log: string): Promise<{ syncs: number; headWrites: number }> {
  const lines = (await readFile(log, 'utf8')).split('\n')
  const syncs = lines.filter(line => /\b(?:fdatasync|fsync|msync)\(/.test(line)).length
  // LMDB writes the head to a descriptor of its own, which it opens with O_DSYNC.
  const opened = lines.findLast(line => /data\.mdb".*O_DSYNC/.test(line))
  const head = / = (\d+)$/.exec(opened ?? '')?.[1]
  const headWrites = lines.filter(line => new RegExp(`\\bpwrite64\\(${head},`).test(line)).length
  return { syncs, headWrites }
}

test('an answer leaves after the disk has the data and the head that points to them', async ({
  skip,
}) => {
  skip(
    !hasStrace && process.env['CI'] === undefined,
    'it needs strace, which is not installed here: apt-get install strace',
  )
  const folder = await createDataFolder()
  const log = path.join(await createDataFolder(), 'strace.log')
  const calls = 'openat,fdatasync,fsync,msync,pwrite64'
  const trace = ['-f', '-qq', '-e', `trace=${calls}`, '-e', 'signal=none', '-o', log]
  const mock = [process.execPath, ...sourceProgram, ...startFlags, '--data', folder]
  const child = spawn('strace', [...trace, ...mock], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  if (child.stdout === null) throw new Error('strace has no standard output')
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const { url, pid } = JSON.parse(line) as { readonly url: string; readonly pid: number }
  const caller = createCaller(url, 1)
  onTestFinished(async () => {
    await caller.destroy()
    const closed = once(child, 'close')
    process.kill(pid)
    await closed
  })
  const talk = await openTalk(caller, '1', 'zoe')
  for (let turn = 0; turn < 5; turn += 1) {
    const before = await countSyncs(log)
    const event = { type: 'ContentEvent', contentType: 'text/plain', message: `text ${turn}` }
    const body = { dialogId: talk.conversationId, event }
    const request = { kind: 'req', id: '1', type: 'ms.PublishEvent', body }
    const { status } = await caller.call('POST', toSend(talk), request, talk.headers)
    const after = await countSyncs(log)
    expect(status).toBe(200)
    expect(after.syncs).toBeGreaterThan(before.syncs)
    expect(after.headWrites).toBeGreaterThan(before.headWrites)
  }
})

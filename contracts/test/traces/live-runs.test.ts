import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startMockServer } from '@sendbox/mock-server'
import { expect, test } from 'vitest'
import { runInTerminal } from '../command-terminal.ts'

const trace = fileURLToPath(new URL('../../traces/time-to-respond.json', import.meta.url))

test('a mock that is called by its URL is no live run, whatever its headers say', async () => {
  await using server = await startMockServer({ settings: { evidenceHeaders: false } })
  const { accountId, clientId, clientSecret } = server.account()
  const env = {
    SENDBOX_ACCOUNT_ID: accountId,
    SENDBOX_CLIENT_ID: clientId,
    SENDBOX_CLIENT_SECRET: clientSecret,
  }
  const folder = await mkdtemp(join(tmpdir(), 'sendbox-live-'))
  try {
    const argv = ['replay', trace, '--yes', '--target', server.url]
    const { exitCode, stdout, stderr } = await runInTerminal(argv, { folder, env })
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('1 passed, 0 failed')])
    expect(stderr).toContain(`${server.url} is a mock: this was no live run, and is not stored\n`)
    expect(await readdir(folder)).toEqual([])
  } finally {
    await rm(folder, { recursive: true })
  }
})

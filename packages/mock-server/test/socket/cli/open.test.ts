import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startMockServer } from '../../../src/index.ts'
import { runToEnd } from '../../command-terminal.ts'

/** A browser that writes the URL that it is to open into a file; `xdg-open` of Linux starts the one in BROWSER. */
async function useBrowser(): Promise<() => Promise<string>> {
  const folder = await mkdtemp(join(tmpdir(), 'sendbox-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const [browser, opened] = [join(folder, 'browser'), join(folder, 'opened')]
  await writeFile(
    browser,
    `#!/bin/sh\nprintf %s "$1" > '${opened}.new' && mv '${opened}.new' '${opened}'\n`,
  )
  await chmod(browser, 0o755)
  vi.stubEnv('BROWSER', browser)
  onTestFinished(() => void vi.unstubAllEnvs())
  const read = () => readFile(opened, 'utf8').catch(() => '')
  return async () => {
    await expect.poll(read, { timeout: 10_000 }).not.toBe('')
    return read()
  }
}

test.runIf(process.platform === 'linux')(
  'open starts the browser with the dashboard, and prints its URL',
  async () => {
    const opened = await useBrowser()
    await using server = await startMockServer()
    const { code, stdout } = await runToEnd(['open', '--url', server.url])
    expect([code, stdout]).toEqual([0, `${server.dashboardUrl}\n`])
    expect(await opened()).toBe(server.dashboardUrl)
  },
)

test.runIf(process.platform === 'linux')(
  'open passes the control token behind #, and does not print it',
  async () => {
    const opened = await useBrowser()
    await using server = await startMockServer({ controlToken: 'hush/+' })
    const env = { SENDBOX_URL: server.url, SENDBOX_CONTROL_TOKEN: 'hush/+' }
    const { code, stdout, stderr } = await runToEnd(['open'], { env })
    expect(code).toBe(0)
    expect(stdout + stderr).not.toContain('hush')
    expect(await opened()).toBe(`${server.dashboardUrl}#token=hush%2F%2B`)
  },
)

test('open says why there is nothing to open', async () => {
  const server = await startMockServer({ controlToken: 'hush' })
  const refused = await runToEnd(['open', '--url', server.url, '--control-token', 'wrong'])
  expect([refused.code, refused.stdout]).toEqual([1, ''])
  expect(refused.stderr).toContain('requires the control token')
  await server.close()
  const { code, stderr } = await runToEnd(['open', '--url', server.url])
  expect([code, stderr]).toEqual([1, `No mock answers at ${server.url}: GET /__sendbox/health\n`])
})

import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type MockServerOptions, startMockServer } from '../../../src/index.ts'
import { createOwnCertificate } from '../../certificates.ts'
import { runToEnd } from '../../command-terminal.ts'
import { createDataFolder } from '../../data-folder.ts'

async function start(options: MockServerOptions) {
  const server = await startMockServer(options)
  onTestFinished(() => server.close())
  return server
}

test('env prints what leads a shell to a running mock', async () => {
  const data = await createDataFolder()
  const { url } = await start({ tls: true, passThrough: true, data })
  const env = { NODE_OPTIONS: "--title='a b'" }
  const { code, stdout, stderr } = await runToEnd(['env', '--url', url, '--data', data], { env })
  expect([code, stderr]).toEqual([0, ''])
  const script = `${stdout}\nprintf '%s\\n' "$SENDBOX_URL" "$HTTPS_PROXY" "$NODE_OPTIONS"`
  const shell = spawnSync('sh', ['-c', script], { encoding: 'utf8' })
  expect(shell.stdout.split('\n')).toEqual([
    url,
    url,
    expect.stringMatching(/^--title='a b' --require ".+"$/),
    '',
  ])
})

test.each([
  ['lines', /^SENDBOX_URL=http:\S+$/m],
  ['powershell', /^\$env:NODE_OPTIONS = '--title=''x'' --require ".+"'$/m],
])('env --format %s', async (format, expected) => {
  const data = await createDataFolder()
  const { url } = await start({ tls: true, data })
  const argv = ['env', '--url', url, '--data', data, '--format', format]
  const { stdout } = await runToEnd(argv, { env: { NODE_OPTIONS: "--title='x'" } })
  expect(stdout).toMatch(expected)
})

test('env --format json, for a mock with a certificate of one’s own', async () => {
  const folder = await createDataFolder()
  const own = await createOwnCertificate()
  await writeFile(path.join(folder, 'cert.pem'), own.cert)
  const { url } = await start({ tls: own })
  const argv = ['env', '--url', url, '--tls-cert', 'cert.pem', '--format', 'json']
  const { stdout } = await runToEnd(argv, { folder })
  expect(JSON.parse(stdout)).toMatchObject({ SENDBOX_URL: url, HTTPS_PROXY: url })
})

test('a mock that variables could not lead to is refused, with what to do', async () => {
  const data = await createDataFolder()
  const plain = await start({})
  const other = await start({ tls: await createOwnCertificate() })
  const closed = await startMockServer()
  await closed.close()
  const refusalOf = async (url: string) => {
    const { code, stdout, stderr } = await runToEnd(['env', '--url', url, '--data', data])
    expect([code, stdout]).toEqual([1, ''])
    return stderr
  }
  expect(await refusalOf(plain.url)).toMatch(/ does not speak TLS \(\w+\): start the mock with /)
  expect(await refusalOf(other.url)).toMatch(/ is of another CA \(\w+\): name the data folder /)
  expect(await refusalOf(closed.url)).toMatch(/^Nothing listens at .+: start the mock with /)
  expect(await runToEnd(['env', '--tls-cert', '/no.pem'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^--tls-cert: cannot read \/no\.pem: /),
  })
  expect(await runToEnd(['env', '--format', 'fish'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^--format: expected sh, powershell, lines or json/),
  })
})

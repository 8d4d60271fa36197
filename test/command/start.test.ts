import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { curlIsMissing } from '../docs/curl.ts'
import { isGroupAlive, linesOf, npmStart, ready, urlIn } from './npm-start.ts'

/** Runs a line in a shell, as one that was pasted there. */
async function runShell(line: string): Promise<string> {
  const shell = spawn('sh', ['-c', line], { stdio: ['ignore', 'pipe', 'ignore'] })
  const chunks: Buffer[] = []
  shell.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(shell, 'close')
  return Buffer.concat(chunks).toString()
}

test('npm start prints commands that work when they are pasted', async ({ skip }) => {
  skip(curlIsMissing !== undefined, curlIsMissing)
  await using started = npmStart('--port', '0')
  const output = await started.until(ready)
  for (const word of ['12345678', 'sendbox-client', 'sendbox-secret'])
    expect(output).toContain(word)
  // Each is indented, and is followed by what it does.
  const [exported = '', send = '', token = '', curl = ''] = output
    .split('\n')
    .filter(line => /^ {2}(export|npx) /.test(line))
    .map(line => line.trim().replace(/ {3,}\S.*$/, ''))
  expect(await runShell(`${exported}\n${send}`)).toMatch(/^HTTP 200\n/)
  expect(await runShell(`${exported}\n${token}`)).toMatch(/^export APP_JWT=eyJ/)
  const line = await runShell(`${exported}\n${curl}`)
  expect(await runShell(line)).toBe('{"reqId":"1","code":"OK","body":{"sequence":0}}')
  expect(await runShell(line)).toBe('{"reqId":"1","code":"OK","body":{"sequence":1}}')
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  'npm start ends with exit code 0 on %s to its group and leaves no process behind',
  async signal => {
    await using started = npmStart('--port', '0')
    const url = urlIn(await started.until(ready))
    const leader = started.child.pid ?? 0
    expect((await fetch(`${url}/__sendbox/health`)).status).toBe(200)
    expect(isGroupAlive(leader)).toBe(true)
    process.kill(-leader, signal)
    expect(await started.closed).toEqual([0, null])
    expect(isGroupAlive(leader)).toBe(false)
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  },
)

test('npm start ends with exit code 0 where only npm itself gets SIGTERM', async () => {
  await using started = npmStart('--port', '0')
  const url = urlIn(await started.until(ready))
  started.child.kill('SIGTERM')
  expect(await started.closed).toEqual([0, null])
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

test('npm start says in one line that the port is taken, and exits with 1', async () => {
  const blocker = createServer().listen(0, '127.0.0.1')
  await once(blocker, 'listening')
  const address = blocker.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await using started = npmStart('--port', String(port))
  const [code] = await started.closed
  blocker.close()
  expect(code).toBe(1)
  expect(linesOf(started)).toEqual([
    `Port ${port} on 127.0.0.1 is taken. Stop what listens there, or choose another: --port ${port + 1}`,
  ])
})

test.each([
  [['--port', '65536'], 1, '--port: expected a whole number from 0 to 65535, received "65536"'],
  [['--prot', '1'], 2, "error: unknown option '--prot'"],
] as const)('npm start refuses %j', async (flags, exitCode, message) => {
  await using started = npmStart(...flags)
  const [code] = await started.closed
  expect(code).toBe(exitCode)
  expect(linesOf(started)[0]).toBe(message)
})

test('a call in flight gets its answer after the signal, and then the command ends with 0', async () => {
  await using started = npmStart('--port', '0')
  const url = new URL(urlIn(await started.until(ready)))
  const socket = connect(Number(url.port), url.hostname)
  const body = '{"ext_consumer_id":"zoe"}'
  const head = `POST /api/account/1/consumer HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\n`
  socket.write(`${head}Content-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`)
  await once(socket, 'data')
  started.child.kill('SIGTERM')
  await started.until(/"msg":"stopping/)
  const answer = once(socket, 'data')
  socket.write(body)
  expect(String(await answer)).toMatch(/^HTTP\/1\.1 401 /)
  expect(await started.closed).toEqual([0, null])
})

test('npm start --help lists the options', async () => {
  await using started = npmStart('--help')
  const [code] = await started.closed
  expect(code).toBe(0)
  expect(started.output()).toMatch(/--port <number>[\s\S]*--host <address>/)
})

test('off loopback neither tokens nor secrets are printed', async () => {
  await using started = npmStart('--port', '0', '--host', '0.0.0.0')
  const output = await started.until(ready)
  expect(output).not.toMatch(/eyJ|sendbox-secret/)
})

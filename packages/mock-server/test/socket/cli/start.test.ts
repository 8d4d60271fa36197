import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { beforeAll, expect, test } from 'vitest'
import { type RunningCommand, startCommand } from '../../command-terminal.ts'

// The command loads it when it starts, which the first test would have to wait for.
beforeAll(() => import('../../../src/cli/start/run-start.ts'))

interface Ready {
  readonly url: string
  readonly control: string | null
}

const readyOf = async ({ firstLine }: RunningCommand): Promise<Ready> =>
  JSON.parse(await firstLine) as Ready

/** Asks with headers that `fetch` does not let anybody set. */
async function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
  const [answer] = (await once(get(url, { headers }), 'response')) as [IncomingMessage]
  answer.resume()
  return answer.statusCode
}

const flags = ['start', '--port', '0', '--json']

test('--json writes one line of JSON, and nothing else, to standard output', async () => {
  await using command = startCommand(flags)
  const ready = await readyOf(command)
  expect(ready).toEqual({
    event: 'ready',
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    accountId: '12345678',
    clientId: 'sendbox-client',
    clientSecret: 'sendbox-secret',
    domainApi: `${ready.url}/api/account/12345678/service/baseURI.json?version=1.0`,
    dashboard: `${ready.url}/__sendbox/ui/`,
    control: `${ready.url}/__sendbox`,
    pid: process.pid,
  })
  expect((await fetch(`${ready.control}/health`)).status).toBe(200)
  command.signal()
  const { code, stdout } = await command.ended
  expect(code).toBe(0)
  expect(stdout).toBe(`${await command.firstLine}\n`)
})

test('off loopback no credentials are in the ready line, and the control API is closed', async () => {
  await using command = startCommand([...flags, '--host', '0.0.0.0'])
  const ready = await readyOf(command)
  expect(Object.keys(ready)).toEqual([
    'event',
    'url',
    'accountId',
    'domainApi',
    'dashboard',
    'control',
    'pid',
  ])
  expect(ready.control).toBeNull()
})

test('a control token opens the control API off loopback, and is never written', async () => {
  const env = { SENDBOX_CONTROL_TOKEN: 'hush-hush', SENDBOX_LOG_LEVEL: 'trace' }
  await using command = startCommand([...flags, '--host', '0.0.0.0'], { env })
  const { control, url } = await readyOf(command)
  expect(control).toBe(`${url}/__sendbox`)
  expect(await statusOf(`${control}/accounts`, {})).toBe(401)
  const bearer = { Authorization: 'Bearer hush-hush' }
  expect(await statusOf(`${control}/accounts`, bearer)).toBe(200)
  command.signal()
  const { stdout, stderr } = await command.ended
  expect(stdout + stderr).not.toContain('hush')
})

/** The log without what differs from run to run. */
const logOf = (stderr: string): unknown[] =>
  stderr
    .trimEnd()
    .split('\n')
    .map(line => {
      const { time, ...fields } = JSON.parse(line) as Record<string, unknown>
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      return fields
    })

async function logAt(level: string): Promise<{ log: unknown[]; url: string; stderr: string }> {
  await using command = startCommand([...flags, '--log-level', level])
  const { url } = await readyOf(command)
  const query = 'v=1.0&grant_type=client_credentials'
  const credentials = 'client_id=sendbox-client&client_secret=sendbox-secret'
  await fetch(`${url}/sentinel/api/account/1/app/token?${query}&${credentials}`, { method: 'POST' })
  command.signal()
  const { stderr } = await command.ended
  return { log: stderr === '' ? [] : logOf(stderr), url, stderr }
}

test('the log has no line for a call by default', async () => {
  const { log, url } = await logAt('info')
  expect(log).toEqual([
    { level: 'info', url, msg: 'listening' },
    { level: 'info', msg: 'stopping: calls and webhooks in flight have 5 s to end' },
    { level: 'info', url, msg: 'stopped' },
  ])
})

test('the log has a line for each call at debug, without its secrets', async () => {
  const { log, stderr } = await logAt('debug')
  expect(log[1]).toEqual({
    level: 'debug',
    operation: 'appToken',
    status: 200,
    accountId: '1',
    durationMs: expect.any(Number),
    rules: expect.arrayContaining(['EP-9']),
    msg: 'call',
  })
  expect(log).toHaveLength(4)
  expect(stderr).not.toMatch(/eyJ|sendbox-secret/)
})

test('the log is silent where it is told so', async () => {
  expect((await logAt('silent')).stderr).toBe('')
})

test('a bad value ends the start with 1 before anything listens', async () => {
  await using command = startCommand(['start', '--port', 'x'], { env: { SENDBOX_MODE: 'y' } })
  expect(await command.ended).toEqual({
    code: 1,
    stdout: '',
    stderr:
      '--port: expected a whole number from 0 to 65535, received "x"\nSENDBOX_MODE: expected as-service or strict, received "y"\n',
  })
})

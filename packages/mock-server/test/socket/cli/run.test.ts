import { expect, test } from 'vitest'
import type { Program } from '../../../src/cli/terminal.ts'
import { runToEnd } from '../../command-terminal.ts'
import { createDataFolder } from '../../data-folder.ts'

/** Runs `sendbox run` with a program that is a function of its environment. */
async function run(
  argv: readonly string[],
  asProgram: (mock: string, program: Program) => Promise<number>,
  env: Readonly<Record<string, string>> = {},
) {
  const data = await createDataFolder()
  return runToEnd(['run', '--data', data, ...argv], {
    env,
    runProgram: program => asProgram(program.env['SENDBOX_URL'] ?? '', program),
  })
}

const post = (url: string, body: unknown, headers = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

/** Calls that are answered, refused and missed. */
async function play(mock: string): Promise<number> {
  const account = `${mock}/api/account/12345678`
  await fetch(`${account}/service/baseURI.json?version=1.0`)
  const tokens = (await (
    await post(`${mock}/__sendbox/accounts/12345678/tokens`, { consumer: 'zoe' })
  ).json()) as { appJwt: string; consumerJws: string }
  const send = `${account}/messaging/consumer/conversation/send?v=3`
  const headers = { Authorization: tokens.appJwt, 'X-LP-ON-BEHALF': tokens.consumerJws }
  const text = {
    dialogId: 'none',
    event: { type: 'ContentEvent', contentType: 'text/plain', message: 'hi' },
  }
  for (const id of ['1', '2'])
    await post(send, { kind: 'req', id, type: 'ms.PublishEvent', body: text }, headers)
  await fetch(`${mock}/api/account/12345678/no/such?secret=1`)
  await fetch(`${mock}/nowhere`)
  return 5
}

test('what the mock saw is summed up for a person, and the exit code is that of the command', async () => {
  const { code, stdout, stderr } = await run(['--', 'connector', '--flag', '-x'], play)
  expect([code, stdout]).toEqual([5, ''])
  expect(stderr).toMatch(
    /^\nsendbox: the mock saw 5 calls: baseUris 1, send 2, of no operation 2\n/,
  )
  expect(stderr).toMatch(/\n {2}refused {4}send 404 \(2 times\): .+\n/)
  expect(stderr).toMatch(/\n {2}missed {5}GET \/api\/account\/12345678\/no\/such 501\n/)
  expect(stderr).not.toContain('secret=1')
})

test('--json prints the summary as the last line of standard error', async () => {
  const { code, stdout, stderr } = await run(['--json', 'connector'], play)
  expect([code, stdout]).toEqual([5, ''])
  expect(JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '')).toEqual({
    event: 'summary',
    exitCode: 5,
    calls: { baseUris: 1, send: 2 },
    unmatched: 2,
    refused: [{ operation: 'send', status: 404, hint: expect.any(String), count: 2 }],
    misses: [
      { method: 'GET', path: '/api/account/12345678/no/such', status: 501, count: 1 },
      { method: 'GET', path: '/<redacted>', status: 404, count: 1 },
    ],
    diagnostics: [],
    more: 0,
  })
})

test('the command gets its arguments as they are, and its environment with that of the mock', async () => {
  const programs: Program[] = []
  const keep = (_: string, program: Program) => {
    programs.push(program)
    return Promise.resolve(0)
  }
  const env = { OWN: '1', NODE_OPTIONS: '--trace-warnings' }
  await run(['npm', 'test', '--', '--port', '1'], keep, env)
  await run(['--', 'npm', 'test', '--', '--port', '1'], keep, env)
  for (const program of programs)
    expect(program).toMatchObject({
      command: 'npm',
      args: ['test', '--', '--port', '1'],
      env: { OWN: '1', NODE_OPTIONS: expect.stringMatching(/^--trace-warnings --require /) },
    })
  expect(programs).toHaveLength(2)
})

test('a command that asks nothing is said to', async () => {
  const { stderr } = await run(['connector'], () => Promise.resolve(0))
  expect(stderr).toContain('the mock saw no call')
})

test.each([
  ['ENOENT', 'The command connector was not found\n'],
  ['EACCES', 'The command connector cannot be run (EACCES)\n'],
])('a command that cannot be run (%s) is 127', async (errno, words) => {
  const error = Object.assign(new Error('spawn'), { code: errno })
  expect(await run(['connector'], () => Promise.reject(error))).toEqual({
    code: 127,
    stdout: '',
    stderr: words,
  })
})

test('what cannot be merged is a line of the log', async () => {
  const none = () => Promise.resolve(0)
  const { stderr } = await run(['x'], none, { NODE_EXTRA_CA_CERTS: '/no.pem' })
  expect(stderr).toContain('NODE_EXTRA_CA_CERTS names /no.pem, which cannot be read (ENOENT)')
})

test.each([
  [['run'], "error: missing required argument 'command'\n", 2],
  [['run', '--tls', 'x'], "error: unknown option '--tls'\n", 2],
  [
    ['run', '--port', 'x', 'y'],
    '--port: expected a whole number from 0 to 65535, received "x"\n',
    1,
  ],
  [
    ['start', '--pass-through'],
    '--pass-through goes with --tls: programs ask a proxy by CONNECT\n',
    1,
  ],
])('%j is refused', async (argv, stderr, code) => {
  const ended = await runToEnd(argv)
  expect([ended.code, ended.stderr.replace(/\n\(Did.*\n/, '\n')]).toEqual([code, stderr])
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startMockServer } from '@sendbox/mock-server'
import { expect, test } from 'vitest'
import { runInTerminal } from '../command-terminal.ts'

const url = 'https://domains.example'
const verify = ['verify', '--target']

test.each([
  ['an unknown command', ['verfy'], "error: unknown command 'verfy'\n(Did you mean verify?)\n"],
  ['no target', ['verify'], "error: required option '--target <target>' not specified\n"],
  [
    'a target that is no URL',
    [...verify, 'production'],
    'error: --target "production" is neither mock nor a URL. Write --target mock, or the base URL of the Domain API: --target https://<host>\n',
  ],
  [
    'a password in the target',
    [...verify, 'https://a:b@domains.example'],
    'error: --target must not hold a user name or a password\n',
  ],
  [
    'plain http off the local network to verify',
    ['verify', '--target', 'http://domains.example'],
    'error: --target http://domains.example would send the client secret and tokens over plain http, off the local network. Write https://, or add --allow-plain-http where everybody on the way may read them\n',
  ],
  [
    'plain http off the local network to drift',
    ['drift', '--target', 'http://domains.example'],
    'error: --target http://domains.example would send the client secret and tokens over plain http, off the local network. Write https://, or add --allow-plain-http where everybody on the way may read them\n',
  ],
  [
    'plain http off the local network to record',
    ['record', '--target', 'http://domains.example'],
    'error: --target http://domains.example would send the client secret and tokens over plain http, off the local network. Write https://, or add --allow-plain-http where everybody on the way may read them\n',
  ],
  [
    'plain http off the local network to replay',
    ['replay', 'a.json', '--target', 'http://domains.example'],
    'error: --target http://domains.example would send the client secret and tokens over plain http, off the local network. Write https://, or add --allow-plain-http where everybody on the way may read them\n',
  ],
  [
    'plain http that is allowed, without credentials',
    [...verify, 'http://domains.example', '--allow-plain-http'],
    expect.stringContaining('SENDBOX_CLIENT_SECRET are not set'),
  ],
  [
    'no credentials',
    [...verify, url],
    `error: SENDBOX_ACCOUNT_ID, SENDBOX_CLIENT_ID and SENDBOX_CLIENT_SECRET are not set. A run against ${url} logs in with SENDBOX_ACCOUNT_ID, SENDBOX_CLIENT_ID and SENDBOX_CLIENT_SECRET from the environment; set them, or use --target mock\n`,
  ],
  [
    'an unknown form of report',
    [...verify, 'mock', '--report', 'html=a.html'],
    'error: --report "html=a.html" is none. Write --report json=<file> or --report junit=<file>\n',
  ],
  [
    'a report below a file',
    [...verify, 'mock', '--report', `json=${import.meta.filename}/a.json`],
    `error: --report json=${import.meta.filename}/a.json cannot be written: EEXIST: file already exists, mkdir '${import.meta.filename}'\n`,
  ],
  [
    'a trace that is not there',
    ['replay', 'none.json', '--target', 'mock'],
    'error: /nowhere/none.json cannot be read (ENOENT)\n',
  ],
  [
    'a trace that is no JSON',
    ['replay', import.meta.filename],
    `error: ${import.meta.filename} is not JSON\n`,
  ],
  [
    'a recording whose name no trace can have',
    ['record', '--target', 'http://127.0.0.1:1', '--out', 'My Trace.json'],
    'error: --out "My Trace.json" does not name a trace. Write small letters, digits and hyphens, and .json: --out my-connector.json\n',
  ],
  [
    'a port that is none',
    ['record', '--target', 'http://127.0.0.1:1', '--out', 'a.json', '--port', 'x'],
    'error: --port "x" is no port. Write a number from 0 to 65535\n',
  ],
])('%s ends with 2 and says what to do', async (_, argv, stderr) => {
  expect(await runInTerminal(argv)).toEqual({ exitCode: 2, stdout: '', stderr })
})

test('only the variable that is missing is named', async () => {
  const env = { SENDBOX_ACCOUNT_ID: '1', SENDBOX_CLIENT_ID: 'c' }
  const { exitCode, stderr } = await runInTerminal([...verify, url], { env })
  expect(exitCode).toBe(2)
  expect(stderr).toContain(`error: SENDBOX_CLIENT_SECRET is not set. A run against ${url} logs in`)
})

test('whoever says no at a terminal calls nothing; whoever says yes goes on', async () => {
  await using server = await startMockServer()
  const { accountId, clientId, requests } = server.account()
  const env = {
    SENDBOX_ACCOUNT_ID: accountId,
    SENDBOX_CLIENT_ID: clientId,
    SENDBOX_CLIENT_SECRET: 'wrong-secret',
  }
  const no = await runInTerminal([...verify, server.url], { env, typed: 'n' })
  expect([no.exitCode, no.stderr]).toEqual([
    2,
    expect.stringContaining('Go on? [y/N] error: Nothing was called\n'),
  ])
  expect(requests.list()).toEqual([])
  const yes = await runInTerminal([...verify, server.url], { env, typed: 'y' })
  expect([yes.exitCode, yes.stderr]).toEqual([2, expect.stringContaining('gives no tokens')])
  expect(yes.stderr).not.toContain('wrong-secret')
})

test('without --yes and without a terminal nothing is called', async () => {
  await using server = await startMockServer()
  const { accountId, clientId, clientSecret, requests } = server.account()
  const env = {
    SENDBOX_ACCOUNT_ID: accountId,
    SENDBOX_CLIENT_ID: clientId,
    SENDBOX_CLIENT_SECRET: clientSecret,
  }
  const { exitCode, stderr } = await runInTerminal([...verify, server.url], { env })
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(
    /^About to call http:\/\/127\.0\.0\.1:\d+ as account 12345678:\n {2}- \d+ traces and \d+ interactions/,
  )
  expect(stderr).toContain('error: Nobody can be asked here. Add --yes to go on without a question')
  expect(requests.list()).toEqual([])
})

test.each([
  ['is not there', undefined, 'cannot be read (ENOENT)'],
  ['is no JSON', '{', 'is not JSON'],
  ['is no pact', '{"consumer":{}}', 'is not a pact file:\n✖ Invalid input'],
  [
    'has no interactions',
    '{"consumer":{"name":"a"},"provider":{"name":"b"}}',
    'has no interactions: nothing would be verified',
  ],
])('a pact file that %s is named, and ends with 2', async (_, text, message) => {
  const folder = await mkdtemp(join(tmpdir(), 'sendbox-pact-'))
  try {
    const path = join(folder, 'a.json')
    if (text !== undefined) await writeFile(path, text)
    const argv = [...verify, 'mock', '--pact', 'a.json']
    const { exitCode, stderr } = await runInTerminal(argv, { folder })
    expect([exitCode, stderr.startsWith(`error: ${path} ${message}`)]).toEqual([2, true])
  } finally {
    await rm(folder, { recursive: true })
  }
})

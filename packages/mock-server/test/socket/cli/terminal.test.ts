import { stripVTControlCharacters } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { type Ended, type RunningCommand, runToEnd, startCommand } from '../../command-terminal.ts'

// The commands load them when they start, which the first test would have to wait for.
beforeAll(() =>
  Promise.all([
    import('../../../src/cli/start/run-start.ts'),
    import('../../../src/cli/send/run-send.ts'),
  ]),
)

const start = (...flags: readonly string[]): RunningCommand =>
  startCommand(['start', '--port', '0', ...flags], { isTerminal: true })

/** The rows that a text takes in a terminal of 80 columns. */
const rowsOf = (text: string): number =>
  text
    .trimEnd()
    .split('\n')
    .reduce((rows, line) => rows + Math.max(1, Math.ceil(line.length / 80)), 0)

/** Sends a text, has one refused, and misses a path, the control API and an icon; resolves once the mock has ended. */
async function callAround(command: RunningCommand, url: string): Promise<Ended> {
  await runToEnd(['send', 'Hello', '--url', url, '--consumer', 'zoe'])
  await runToEnd(['send', '--chat-state', 'TYPING', '--url', url, '--consumer', 'kim'])
  for (const path of ['/nope', '/favicon.ico', '/__sendbox/health', '/__sendbox/nope'])
    await (await fetch(url + path)).text()
  command.signal()
  return command.ended
}

const urlIn = (line: string): string => /http:\S+/.exec(line)?.[0] ?? ''

test('the banner has what a first call needs, in 12 rows of 80 columns', async () => {
  await using command = start()
  const url = urlIn(await command.firstLine)
  command.signal()
  const { stdout } = await command.ended
  expect(stdout).toBe(`Sendbox listens on ${url}
  dashboard    ${url}/__sendbox/ui/
  account      12345678   (any other account id works too)
  credentials  client id sendbox-client, client secret sendbox-secret
  control API  ${url}/__sendbox

  export SENDBOX_URL=${url}
  npx --no -- sendbox send "Hello"   sends a text, from another terminal
  npx --no -- sendbox token          prints a pair of tokens
  npx --no -- sendbox curl "Hello"   prints a curl line that sends a text
Ctrl-C stops it.
`)
  expect(rowsOf(stdout)).toBeLessThanOrEqual(12)
})

test('the banner exports what differs from the defaults, quoted, and is no longer than 12 rows then', async () => {
  const install = { clientId: "zoe's app", clientSecret: 'a-secret-of-20-chars' }
  const accounts = JSON.stringify({ 12345678: { installs: [install] } })
  await using command = start('--accounts', accounts, '--control-token', 'hush', '--tls')
  const [url, , httpsUrl] = /http:\S+( \+ (\S+))?/.exec(await command.firstLine) ?? []
  command.signal()
  const { stdout } = await command.ended
  expect(httpsUrl).toMatch(/^https:/)
  expect(stdout).toContain(
    `\n  export SENDBOX_URL=${urlIn(url ?? '')} SENDBOX_CLIENT_ID='zoe'\\''s app' SENDBOX_CLIENT_SECRET=a-secret-of-20-chars\n`,
  )
  expect(stdout).toContain('/__sendbox   (requires its token)\n')
  expect(stdout).not.toContain('hush')
  expect(rowsOf(stdout)).toBeLessThanOrEqual(12)
})

test('on a terminal the log has a line for each call, but for those of the control API and for icons', async () => {
  await using command = start()
  const { stderr } = await callAround(command, urlIn(await command.firstLine))
  const lines = stripVTControlCharacters(stderr)
    .split('\n')
    .map(line => line.replace(/^\d\d:\d\d:\d\d\.\d{3} /, '').replace(/[0-9a-f-]{36}/, 'ID'))
  expect(lines.slice(1, 6)).toEqual([
    '200 baseUris',
    '200 appToken',
    '201 consumer zoe',
    expect.stringMatching(/^200 conversation zoe ID/),
    '200 send zoe ID #0',
  ])
  expect(lines.slice(9).join('\n')).toMatch(
    /^200 conversation kim ID.*\n400 send kim ID[\s\S]*TYPING[\s\S]*PUB-7\n404 GET \/nope\b/,
  )
  expect(stderr).not.toMatch(/favicon|__sendbox|eyJ/)
})

test('--quiet has neither banner nor call lines, with --json the ready line alone', async () => {
  await using command = start('--quiet', '--json')
  const { url } = JSON.parse(await command.firstLine) as { readonly url: string }
  const { stdout, stderr } = await callAround(command, url)
  expect(stdout).toBe(`${await command.firstLine}\n`)
  expect(stderr).toBe('')
})

test('at debug each call has one full line, those of the control API and of icons too', async () => {
  await using command = start('--log-level', 'debug')
  const { stderr } = await callAround(command, urlIn(await command.firstLine))
  const lines = stripVTControlCharacters(stderr).split('\n')
  expect(lines.filter(line => line.includes('operation=send'))).toHaveLength(2)
  expect(lines.filter(line => line.includes(' send '))).toEqual([])
  expect(stderr).toMatch(/control call.*path=\/__sendbox\/nope.*status=404/s)
})

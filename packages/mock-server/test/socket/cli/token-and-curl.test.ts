import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { startMockServer } from '../../../src/index.ts'
import { runToEnd } from '../../command-terminal.ts'

// The commands load it when they ask, which the first test would have to wait for.
beforeAll(() => import('../../../src/cli/send/print-requests.ts'))

const run = promisify(execFile)

/** Makes a shell print its arguments, one a line, in place of a call by curl. */
const asArguments = 'curl() { printf "%s\\n" "$@"; }\n'

test('token prints lines that export a pair of tokens, which the mock takes [AUTH-1.1, AUTH-2]', async () => {
  await using server = await startMockServer()
  const argv = ['token', '--url', server.url, '--consumer', 'zoe']
  const { code, stdout, stderr } = await runToEnd(argv)
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^export APP_JWT=\S+\nexport CONSUMER_JWS=\S+\n$/)
  const print = 'echo "$APP_JWT"; echo "$CONSUMER_JWS"'
  const [appJwt = '', consumerJws = ''] = (await run('sh', ['-c', stdout + print])).stdout.split(
    '\n',
  )
  const { conversationId } = await server.account().conversations.open('zoe')
  const response = await fetch(
    `${server.url}/api/account/12345678/messaging/consumer/conversation/send?v=3`,
    {
      method: 'POST',
      headers: {
        Authorization: appJwt,
        'X-LP-ON-BEHALF': consumerJws,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({
        kind: 'req',
        id: '1',
        type: 'ms.PublishEvent',
        body: { dialogId: conversationId, event: { type: 'ChatStateEvent', chatState: 'PAUSE' } },
      }),
    },
  )
  expect(response.status).toBe(200)
})

test('token --json prints an object, by variables as by flags', async () => {
  await using server = await startMockServer()
  const env = { SENDBOX_URL: server.url, SENDBOX_ACCOUNT: '7', SENDBOX_CONSUMER: 'zoe' }
  const { stdout } = await runToEnd(['token', '--json'], { env })
  expect(JSON.parse(stdout)).toEqual({
    consumer: 'zoe',
    appJwt: expect.stringMatching(/^eyJ/),
    consumerJws: expect.stringMatching(/^eyJ/),
  })
  expect(server.account('7').requests.list()).toHaveLength(3)
})

test('curl prints one line that sends the text as it is, whatever a shell would make of it [CON-2]', async () => {
  await using server = await startMockServer()
  const text = `it's "$HOME" \`id\` \\n`
  const { code, stdout, stderr } = await runToEnd(['curl', text, '--url', server.url])
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout.trimEnd()).not.toContain('\n')
  const [url = '', ...rest] = (await run('sh', ['-c', asArguments + stdout])).stdout
    .trimEnd()
    .split('\n')
  const headers = rest
    .filter((_, index) => rest[index - 1] === '-H')
    .map(line => line.split(': ') as [string, string])
  const response = await fetch(url, { method: 'POST', headers, body: rest.at(-1) ?? '' })
  expect(await response.json()).toMatchObject({ body: { sequence: 0 } })
  const [conversation] = await server.account().conversations.list()
  expect(conversation?.dialogs[0]?.transcript).toMatchObject([{ event: { message: text } }])
})

test('curl goes to a conversation that is given, and says Hello', async () => {
  await using server = await startMockServer()
  const { conversationId } = await server.account().conversations.open('zoe')
  const flags = ['--url', server.url, '--consumer', 'zoe', '--conversation', conversationId]
  const { stdout } = await runToEnd(['curl', ...flags])
  expect(stdout).toContain(`"dialogId":"${conversationId}"`)
  expect(stdout).toContain('"message":"Hello"')
  expect(await server.account().conversations.list()).toHaveLength(1)
})

test.each(['token', 'curl'])(
  '%s that is refused writes nothing that a shell would run',
  async name => {
    await using server = await startMockServer()
    const flags = ['--url', server.url, '--client-secret', 'wrong-secret']
    const { code, stdout, stderr } = await runToEnd([name, ...flags])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(
      /^The app got no AppJWT for its client id and secret \(appToken\)\.\n\nHTTP 401/,
    )
  },
)

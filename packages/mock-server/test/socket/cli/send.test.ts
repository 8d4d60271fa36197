import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { startMockServer } from '../../../src/index.ts'
import { runToEnd } from '../../command-terminal.ts'

// The command loads it when it sends, which the first test would have to wait for.
beforeAll(() => import('../../../src/cli/send/run-send.ts'))

const lineOf = (stdout: string): Record<string, unknown> =>
  JSON.parse(stdout) as Record<string, unknown>

test('sends a text in a new conversation, and shows the response with its rules and how to go on [RES-9, CON-2]', async () => {
  await using server = await startMockServer()
  const { code, stdout, stderr } = await runToEnd(['send', 'Hello', '--url', server.url])
  expect([code, stderr]).toEqual([0, ''])
  const [conversation] = await server.account().conversations.list()
  expect(conversation?.dialogs[0]?.transcript).toMatchObject([{ event: { message: 'Hello' } }])
  const id = conversation?.conversationId
  expect(stdout).toMatch(/^HTTP 200\n\{\n {2}"reqId": "1",\n {2}"code": "OK",\n/)
  expect(stdout).toMatch(/^SEQ-1 +documented +`ContentEvent`, .*…$/m)
  const goOn = /^ {2}npx --no -- sendbox (send .*) "…"$/m.exec(stdout)?.[1]?.split(' ') ?? []
  expect(goOn.slice(0, 3)).toEqual(['send', '--url', server.url])
  expect(goOn).toContain(id)
  const next = await runToEnd([...goOn, 'again', '--json'])
  expect(next.code).toBe(0)
  expect(lineOf(next.stdout)).toEqual({
    operation: 'send',
    consumer: expect.stringMatching(/^consumer-[0-9a-f]{8}$/),
    conversationId: id,
    status: 200,
    body: { reqId: '1', code: 'OK', body: { sequence: 1 } },
    rules: expect.arrayContaining(['SEQ-1']),
    evidence: 'documented',
  })
})

test('sends a chat state, a receipt, a close, and an event as it is written', async () => {
  await using server = await startMockServer()
  const { conversations } = server.account('7')
  const { conversationId } = await conversations.open('zoe')
  const env = { SENDBOX_URL: server.url, SENDBOX_ACCOUNT: '7', SENDBOX_CONSUMER: 'zoe' }
  const sequenceOf = async (argv: string[], stdin?: string): Promise<unknown> => {
    const flags = ['--conversation', conversationId, '--consumer', 'zoe', '--json']
    const { stdout } = await runToEnd(['send', ...flags, ...argv], {
      env,
      ...(stdin !== undefined && { stdin }),
    })
    return (lineOf(stdout)['body'] as { body: unknown }).body
  }
  const rich = { type: 'RichContentEvent', content: { type: 'text', text: 'x' } }
  expect(await sequenceOf(['--body', '-'], JSON.stringify({ event: rich }))).toEqual({
    sequence: 0,
  })
  expect(await sequenceOf(['--accept', '0,0'])).toEqual({ sequence: 1 })
  expect(await sequenceOf(['--chat-state', 'COMPOSING'])).toEqual({ sequence: 0 })
  expect((await conversations.get(conversationId))?.dialogs[0]).toMatchObject({
    transcript: [{ event: rich }, { event: { status: 'ACCEPT', sequenceList: [0, 0] } }],
    chatStates: [{ chatState: 'COMPOSING' }],
  })
  expect(await sequenceOf(['--close'])).toEqual({ msg: 'OK Conversation resolved successfully' })
  expect(await conversations.get(conversationId)).toMatchObject({ state: 'CLOSE' })
})

test('sends a request of another type from a file, for which no conversation is opened', async () => {
  await using server = await startMockServer()
  const folder = await mkdtemp(join(tmpdir(), 'sendbox-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'body.json'), '{"fileSize":3,"fileType":"PNG"}')
  const argv = ['send', '--type', 'ms.GenerateURLForUploadFile', '--body', '@body.json', '--json']
  const { code, stdout } = await runToEnd([...argv, '--url', `${server.url}/`], { folder })
  expect(code).toBe(0)
  expect(lineOf(stdout)).toMatchObject({ body: { body: { queryParams: {} } } })
  expect(await server.account().conversations.list()).toEqual([])
})

test('a body that names its dialog goes to that one, and none is opened', async () => {
  await using server = await startMockServer()
  const body = { dialogId: 'none', event: { type: 'ChatStateEvent', chatState: 'GONE' } }
  const argv = ['send', '--body', JSON.stringify(body), '--json', '--url', server.url]
  const { code, stdout } = await runToEnd(argv)
  expect(code).toBe(1)
  expect(lineOf(stdout)).toMatchObject({ status: 404, body: { body: { errorCode: 40451 } } })
  expect(await server.account().conversations.list()).toEqual([])
})

test('shows a response that is not 2xx, and ends with 1 [RES-9]', async () => {
  await using server = await startMockServer()
  const { code, stdout } = await runToEnd(['send', '--chat-state', 'TYPING', '--url', server.url])
  expect(code).toBe(1)
  expect(stdout).toMatch(/^HTTP 400\n[\s\S]*"errorCode": 40052/)
  expect(stdout).toMatch(/^Its rules, of which the least known is assumed /m)
  expect(stdout).toMatch(/^PUB-7 +documented/m)
})

test.each([
  [
    ['--client-secret', 'wrong-secret'],
    /^The app got no AppJWT for its client id and secret \(appToken\)\.\n\nHTTP 401\n[\s\S]*invalid_client/,
  ],
  [
    ['--consumer', 'zoe'],
    /^No conversation was opened; --conversation names one that is open \(conversation\)\.\n\nHTTP 400\n[\s\S]*40057/,
  ],
  [
    ['--account', '404'],
    /^The Domain API did not say where the services are \(baseUris\)\.\n\nHTTP 401\n[\s\S]*40150/,
  ],
])('says at which step %j was refused', async (flags, expected) => {
  await using server = await startMockServer({
    settings: { domainApi: { unknownAccounts: ['404'] } },
  })
  await server.account().conversations.open('zoe')
  const { code, stdout } = await runToEnd(['send', 'Hello', '--url', server.url, ...flags])
  expect(code).toBe(1)
  expect(stdout).toMatch(expected)
})

test('--verbose shows each call, and neither tokens nor secrets', async () => {
  await using server = await startMockServer()
  const { stdout, stderr } = await runToEnd(['send', 'Hello', '--verbose', '--url', server.url])
  const base = `${server.url}/api/account/12345678`
  expect(stderr).toBe(`GET ${base}/service/baseURI.json?version=1.0
HTTP 200
POST ${server.url}/sentinel/api/account/12345678/app/token?v=1.0&grant_type=client_credentials
HTTP 200
POST ${base}/consumer?v=1.0
HTTP 201
POST ${base}/messaging/consumer/conversation?v=3
HTTP 200
POST ${base}/messaging/consumer/conversation/send?v=3
HTTP 200
`)
  expect(stdout + stderr).not.toMatch(/eyJ|sendbox-secret/)
})

test('the line to go on with can be pasted, and shows no password of the URL', async () => {
  await using server = await startMockServer()
  const url = server.url.replace('//', '//zoe:hush-hush@')
  const argv = ['send', 'Hello', '--verbose', '--url', url, '--consumer', "zoe's phone"]
  const { stdout, stderr } = await runToEnd(argv)
  const shown = server.url.replace('//', '//<redacted>@')
  expect(stdout).toContain(`send --url '${shown}' --consumer 'zoe'\\''s phone' --conversation `)
  expect(stderr).toContain(`GET ${shown}/api/account/12345678/service/baseURI.json`)
  expect(stdout + stderr).not.toContain('hush')
})

test.each([
  { action: { loseAnswer: true }, code: 'UND_ERR_SOCKET' },
  { action: { reset: true }, code: 'ECONNRESET' },
] as const)(
  'says of an answer that $code cut off what may have become of the call',
  async fault => {
    await using server = await startMockServer()
    server.account().faults.add({ match: { operation: 'send' }, action: fault.action })
    const { code, stderr } = await runToEnd(['send', 'Hello', '--url', server.url])
    expect([code, stderr]).toEqual([
      1,
      `No answer from ${server.url}: the connection ended before the answer; the call may have been processed (${fault.code})\n`,
    ])
  },
)

test('a token endpoint of another shape does not make its token shown', async () => {
  const server = createServer((request, response) => {
    const isDomainApi = request.url?.includes('baseURI') ?? false
    const baseURI = request.headers.host
    const places = [{ service: 'sentinel', account: '1', baseURI, region: 'eu' }]
    const body = isDomainApi
      ? { baseURIs: places }
      : { token: 'hush-hush-hush', accessToken: 'hush' }
    response.end(JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { code, stdout } = await runToEnd(['send', 'Hello', '--url', url])
  expect(code).toBe(1)
  expect(stdout).toMatch(
    /^The app got no AppJWT .*\n\nHTTP 200\n[\s\S]*\nThe answer names no rules\.\n$/,
  )
  expect(stdout).not.toContain('hush')
})

test('says that nothing listens, and what to do', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  server.close()
  await once(server, 'close')
  expect(await runToEnd(['send', 'Hello', '--url', url])).toEqual({
    code: 1,
    stdout: '',
    stderr: `Nothing listens on ${url}. Start the mock first: npx --no -- sendbox start\n`,
  })
})

test.each([
  [[], 'there is nothing to send: give a text, --chat-state, --accept, --close or --body'],
  [
    ['Hi', '--chat-state', 'GONE'],
    'give one of these: a text, --chat-state, --accept, --close or --body',
  ],
  [['--type', 'ms.PublishEvent'], '--type needs --body'],
  [['Hi', '--conversation', 'c'], '--conversation needs --consumer, whose conversation it is'],
  [['--close', '--consumer', 'zoe'], '--accept and --close need --conversation and --consumer'],
])('send %j is no command line', async (argv, message) => {
  expect(await runToEnd(['send', ...argv])).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: ${message}\n`,
  })
})

test.each([
  [['--url', 'ftp://x'], '--url: expected a URL of http or https, received "ftp://x"'],
  [
    ['--accept', '1;2'],
    '--accept: expected sequence numbers with commas between them, received "1;2"',
  ],
  [['--client-secret', ''], '--client-secret: expected a text that is not empty'],
  [
    ['--body', '{"a":1,}'],
    '--body: expected JSON: Expected double-quoted property name in line 1, column 8',
  ],
  [['--body', '@none.json'], '--body: cannot read /none.json: there is no such file'],
])('send %j names the bad value', async (argv, message) => {
  expect(await runToEnd(['send', ...argv])).toEqual({ code: 1, stdout: '', stderr: `${message}\n` })
})

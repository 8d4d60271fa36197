import { expect, onTestFinished, test } from 'vitest'
import { startMockServer } from '../../../src/index.ts'
import { type RunningCommand, runToEnd, startCommand } from '../../command-terminal.ts'

async function start() {
  const server = await startMockServer()
  onTestFinished(() => server.close())
  return server
}

const baseUris = (url: string, account: string): Promise<Response> =>
  fetch(`${url}/api/account/${account}/service/baseURI.json?version=1.0`)

/** Does something again until the command has shown it, as nothing says when it listens. */
async function untilShown(command: RunningCommand, act: () => Promise<unknown>): Promise<string> {
  while (command.output() === '') {
    await act()
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return command.firstLine
}

test('tail shows a line for each event, until a signal', async () => {
  const server = await start()
  const command = startCommand(['tail', '--url', server.url, '--account', '7'])
  await untilShown(command, () => fetch(`${server.url}/api/account/7/no/such`))
  await baseUris(server.url, '7')
  const account = server.account('7')
  account.clock.freeze()
  await expect.poll(command.output).toContain('clock')
  command.signal()
  const { code, stdout, stderr } = await command.ended
  expect([code, stderr]).toEqual([0, `Events of ${server.url}; Ctrl-C ends this.\n`])
  expect(stdout).toMatch(
    /^\d\d:\d\d:\d\d\.\d{3} 7 501 GET \/api\/account\/7\/no\/such .+ EP-8\S*\n/,
  )
  expect(stdout).toMatch(/\n\S+ 7 200 baseUris\n/)
  expect(stdout).toMatch(/\n\S+ 7 clock \S+Z frozen\n$/)
})

test('tail --json prints the events as they are, and ends when the mock closes', async () => {
  const server = await start()
  const command = startCommand(['tail', '--json', '--problems'], {
    env: { SENDBOX_URL: server.url },
  })
  const line = await untilShown(command, async () => {
    await baseUris(server.url, '7')
    await fetch(`${server.url}/nowhere`)
  })
  expect(JSON.parse(line)).toMatchObject({
    event: 'call',
    id: expect.any(String),
    data: { accountId: null, operation: null, status: 404 },
  })
  await server.close()
  const { code, stderr } = await command.ended
  expect([code, stderr]).toEqual([0, ''])
})

test('tail says why it cannot', async () => {
  expect(await runToEnd(['tail', '--url', 'http://127.0.0.1:1'])).toEqual({
    code: 1,
    stdout: '',
    stderr: 'No mock answers at http://127.0.0.1:1: GET /__sendbox/events\n',
  })
})

import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { isGroupAlive } from '../command/npm-start.ts'
import { curlIsMissing } from '../docs/curl.ts'
import { startRun } from './run-under.ts'

/** Prints the process that it is, and waits; with a handler it ends with a code of its own. */
const toProgram = (handler = ''): readonly string[] => [
  process.execPath,
  '-e',
  `${handler}; console.log(process.pid); setInterval(() => {}, 1000)`,
]

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test.concurrent.for([
  ['SIGTERM', 7, "process.on('SIGTERM', () => process.exit(7))"],
  ['SIGINT', 8, "process.on('SIGINT', () => process.exit(8))"],
  ['SIGTERM', 143, ''],
] as const)(
  'a %s reaches the command, whose exit code %i is passed through, and no process is left behind',
  async ([signal, status, handler], context) => {
    await using run = await startRun(toProgram(handler))
    const { child } = run
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
    const pids = [child.pid ?? 0, Number(line)]
    expect(pids.map(isAlive)).toEqual([true, true])
    child.kill(signal)
    expect(await run.ended).toMatchObject({ status, summary: { exitCode: status } })
    expect(pids.map(isAlive)).toEqual([false, false])
    await context.expect.poll(() => isGroupAlive(child.pid ?? 0), { timeout: 10_000 }).toBe(false)
  },
)

/** The proxy of a company, which alone knows where other hosts are: it answers for each of them. */
async function startProxy() {
  const asked: (string | undefined)[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.end(JSON.stringify(request.headers.host))
  })
  server.on('connect', ({ method, url }: IncomingMessage, socket: Socket) => {
    asked.push(`${method} ${url}`)
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    // The tunnel carries plain http here: the test is about the way.
    const { port } = server.address() as AddressInfo
    const other = connect(port, '127.0.0.1')
    socket.pipe(other).pipe(socket)
    for (const each of [socket, other]) each.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

test('another host than LivePerson’s is reached by the proxy that was set before', async ({
  skip,
}) => {
  skip(curlIsMissing !== undefined && process.env['CI'] === undefined, curlIsMissing)
  const proxy = await startProxy()
  await using run = await startRun(
    ['sh', '-c', 'curl -sS http://other.test/a && curl -sSp http://other.test:81/b'],
    { HTTP_PROXY: proxy.url, http_proxy: proxy.url, HTTPS_PROXY: proxy.url },
  )
  expect(await run.ended).toMatchObject({
    status: 0,
    stdout: '"other.test""other.test:81"',
    summary: { calls: {} },
  })
  expect(proxy.asked).toEqual(['GET http://other.test/a', 'CONNECT other.test:81', 'GET /b'])
})

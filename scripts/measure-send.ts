// Counts the project's own files, functions and calls that one plain text SEND runs, by V8's precise coverage.
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, createServer, request } from 'node:http'
import { Session } from 'node:inspector/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { MockAccount, MockServer } from '@sendbox/mock-server'

const help = `Counts what one SEND runs of packages/mock-server/src and packages/schema/src.

  pnpm run measure:send [--webhook] [--data] [--list] [--json]

  --webhook  with an app that has one webhook, up to its delivery
  --data     with a data folder
  --list     also prints the functions, file by file
  --json     prints the figures as JSON
`

const { values: options } = parseArgs({
  options: {
    webhook: { type: 'boolean', default: false },
    data: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

/** Calls before the measured one, so that caches are filled and connections open. */
const warmUpCalls = 10

/** Milliseconds without a call after which all that a SEND started has ended. */
const settleMs = 50

const ownSource = /\/packages\/(?:mock-server|schema)\/src\/.+\.ts$/

/** A helper of the transpiler, once in each file; it names functions. */
const transpilerHelper = '__name'

type Coverage = { name: string; count: number }[]

/** The transpiler writes `__name(() => …, "name")`: an arrow function has its name behind it. */
const nameBehind = /^,\s*"([^"]+)"/

/** Starts to count; `take()` gives the functions that ran since the last take, by file. */
async function countFunctions() {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  return async (): Promise<Map<string, Coverage>> => {
    const { result } = await session.post('Profiler.takePreciseCoverage')
    await session.post('Debugger.enable')
    const ran = new Map<string, Coverage>()
    for (const { url, scriptId, functions } of result) {
      if (!ownSource.test(url)) continue
      const { scriptSource } = await session.post('Debugger.getScriptSource', { scriptId })
      const called = functions
        .filter(({ functionName }) => functionName !== transpilerHelper)
        .map(({ functionName, ranges: [range] }) => ({
          name:
            functionName ||
            nameBehind.exec(scriptSource.slice(range?.endOffset))?.[1] ||
            '(anonymous)',
          count: range?.count ?? 0,
        }))
        .filter(({ count }) => count > 0)
      if (called.length > 0) ran.set(url.slice(url.indexOf('/packages/') + 1), called)
    }
    await session.post('Debugger.disable')
    return ran
  }
}

async function startReceiver() {
  const seen = { webhooks: 0 }
  const server = createServer((incoming, response) => {
    incoming.resume().once('end', () => {
      seen.webhooks += 1
      response.end()
    })
  })
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    /** Resolves once so many webhooks have arrived. */
    until: async (count: number) => {
      while (seen.webhooks < count) await delay(1)
    },
    close: () => server.close(),
  }
}

/** Sends plain texts to one conversation over one kept-alive connection. */
async function startSender({ url }: MockServer, account: MockAccount, agent: Agent) {
  const { appJwt, consumerJws } = await account.tokens('zoe')
  const { conversationId } = await account.conversations.open('zoe')
  const body = JSON.stringify({
    kind: 'req',
    id: '1',
    type: 'ms.PublishEvent',
    body: {
      dialogId: conversationId,
      event: { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello' },
    },
  })
  const path = `/api/account/${account.accountId}/messaging/consumer/conversation/send?v=3`
  const headers = {
    authorization: appJwt,
    'x-lp-on-behalf': consumerJws,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  }
  return () =>
    new Promise<void>((resolve, reject) => {
      const call = request(`${url}${path}`, { agent, method: 'POST', headers }, response => {
        response.resume().once('end', resolve)
        if (response.statusCode !== 200) reject(new Error(`SEND answered ${response.statusCode}`))
      })
      call.once('error', reject).end(body)
    })
}

async function measure() {
  const take = await countFunctions()
  const { startMockServer } = await import('@sendbox/mock-server')
  const folder = options.data ? await mkdtemp(join(tmpdir(), 'measure-send-')) : undefined
  const server = await startMockServer(folder === undefined ? {} : { data: join(folder, 'data') })
  const receiver = options.webhook ? await startReceiver() : undefined
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  try {
    const account = server.account()
    if (receiver !== undefined)
      account.webhooks.register({
        'ms.MessagingEventNotification.ContentEvent': { endpoint: receiver.url },
      })
    const send = await startSender(server, account, agent)
    const sendTimes = async (times: number, sentBefore: number) => {
      for (let index = 0; index < times; index += 1) await send()
      await receiver?.until(sentBefore + times)
      await delay(settleMs)
    }
    await sendTimes(warmUpCalls, 0)
    await take()
    await sendTimes(1, warmUpCalls)
    return await take()
  } finally {
    agent.destroy()
    await server.close()
    receiver?.close()
    if (folder !== undefined) await rm(folder, { recursive: true })
  }
}

if (options.help) {
  process.stdout.write(help)
} else {
  const ran = await measure()
  const functions = [...ran.values()].flat()
  const figures = {
    files: ran.size,
    functions: functions.length,
    calls: functions.reduce((sum, { count }) => sum + count, 0),
  }
  if (options.list)
    for (const [path, called] of [...ran].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
      process.stdout.write(`${path} (${called.length})\n`)
      for (const { name, count } of called)
        process.stdout.write(`  ${name}${count > 1 ? ` × ${count}` : ''}\n`)
    }
  process.stdout.write(
    options.json
      ? `${JSON.stringify(figures)}\n`
      : `one SEND: ${figures.files} files, ${figures.functions} functions, ${figures.calls} calls\n`,
  )
}

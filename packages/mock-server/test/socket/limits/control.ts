import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, vi } from 'vitest'
import { createService } from '../../../src/app/create-app.ts'
import { createExpressApp } from '../../../src/app/create-express-app.ts'
import { maxBodyBytesOf } from '../../../src/control/read-call.ts'
import { putScenario } from '../../../src/control/routes/scenario.ts'
import { putSnapshot as snapshotOperation } from '../../../src/control/routes/snapshot.ts'
import { maxBodyBytes } from '../../../src/http/body.ts'
import { type MockServer, startMockServer } from '../../../src/index.ts'
import { WaitOptionsSchema } from '../../../src/journal/expectation.ts'
import type { Journal } from '../../../src/journal/journal.ts'
import type { Services } from '../../../src/services.ts'
import type { DeliveryLog } from '../../../src/webhooks/delivery-log.ts'
import type { LimitCheck } from '../../limits-table.ts'
import { call } from '../consumer-session.ts'

const snapshotUrl = ({ url }: MockServer): string => `${url}/__sendbox/accounts/1/snapshot`

async function putSnapshot(server: MockServer, json: string): Promise<string> {
  const { status, text } = await call(snapshotUrl(server), {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: gzipSync(json, { level: 1 }),
  })
  return `${status} ${text}`
}

/** Sends a call of the control API; its status and its text. */
async function ask(server: Pick<MockServer, 'url'>, path: string, body: unknown, method = 'POST') {
  const { status, text } = await call(`${server.url}/__sendbox/accounts/1/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status, text }
}

/** As many calls wait as may; one more is refused, and one that takes the place of another is not. */
const checkWaits =
  (path: string, logOf: (services: Services) => Journal | DeliveryLog): LimitCheck =>
  async ({ numbers: [maximum = 0], beyond }) => {
    const service = createService({})
    const server = createServer(createExpressApp(service, {}))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const log = logOf(service)
    const limits = { count: 1, timeoutMs: 600_000 }
    const waits = Array.from({ length: maximum - 1 }, () => log.waitFor({}, limits))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const wait = () => ask({ url }, path, limits)
    const last = wait()
    await vi.waitFor(() => expect(log.waits).toBe(maximum))
    const { status, text } = await wait()
    expect(beyond).toBe(String(status))
    expect(JSON.parse(text)).toEqual({
      title: 'Too Many Requests',
      details: `${maximum} calls wait in account 1 already: close some of them, or wait for their timeouts`,
    })
    log.close()
    await Promise.all(waits)
    expect((await last).status).not.toBe(429)
    server.closeAllConnections()
    await once(server.close(), 'close')
  }

export const controlLimits: Readonly<Record<string, LimitCheck>> = {
  async 'snapshot, scenario'({ numbers: [maximum = 0], beyond }) {
    await using server = await startMockServer()
    expect(maxBodyBytesOf(snapshotOperation)).toBe(maximum)
    expect(maxBodyBytesOf(putScenario)).toBe(maximum)
    // The body of another call is provoked, as 128 MiB take seconds.
    const send = (bytes: number) =>
      call(`${server.url}/__sendbox/accounts/1/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}'.padEnd(bytes),
      })
    expect((await send(maxBodyBytes)).status).toBe(400)
    const refused = await send(maxBodyBytes + 1)
    expect(refused.status).toBe(Number(beyond))
    expect(refused.text).toContain(`may have ${maxBodyBytes} bytes at most`)
  },

  async 'values in a snapshot, or in a scenario'({ numbers: [maximum = 0], beyond }) {
    await using server = await startMockServer()
    expect(putScenario.maxJsonValues).toBe(maximum)
    // The object and its list are values too.
    const listOf = (count: number) => `{"x":[0${',0'.repeat(count - 3)}]}`
    expect(await putSnapshot(server, listOf(maximum))).toMatch(/^400 .*accountId/)
    using parse = vi.spyOn(JSON, 'parse')
    const refused = await putSnapshot(server, listOf(maximum + 1))
    expect(beyond).toContain(refused.slice(0, 3))
    expect(refused).toContain(`more than ${maximum} values`)
    expect(parse.mock.calls.filter(([json]) => json.length > maximum)).toEqual([])
  },

  async 'faults of an account, and its webhook faults'({ numbers: [maximum = 0], beyond }) {
    await using server = await startMockServer()
    const account = server.account('1')
    const kinds = [
      ['faults', account.faults, { action: { status: 503 } }],
      ['webhook-faults', account.webhooks.faults, { action: { lose: true } }],
    ] as const
    for (const [path, faults, fault] of kinds) {
      const add = () => faults.add(fault)
      for (let index = 0; index < maximum; index += 1) add()
      expect(faults.list()).toHaveLength(maximum)
      const { status, text } = await ask(server, path, fault)
      expect(beyond).toContain(String(status))
      const { details } = JSON.parse(text) as { details: string }
      expect(details).toMatch(new RegExp(`^An account has at most ${maximum} (webhook )?faults`))
      expect(add).toThrow(new RangeError(details))
      faults.remove(faults.list()[0]?.faultId ?? '')
      expect((await ask(server, path, fault)).status).toBe(201)
    }
  },

  'calls that wait for requests of an account': checkWaits('requests/wait', ({ journals }) =>
    journals.of('1'),
  ),

  'calls that wait for deliveries of an account': checkWaits(
    'webhooks/wait',
    ({ webhooks }) => webhooks.of('1').log,
  ),

  async 'timeout of a call that waits'({ numbers: [maximum = 0], beyond }) {
    await using server = await startMockServer()
    for (const path of ['requests/wait', 'webhooks/wait']) {
      const { status, text } = await ask(server, path, { timeoutMs: maximum * 1000 + 1 })
      expect(beyond).toBe(String(status))
      expect(text).toContain('timeoutMs')
    }
    expect(WaitOptionsSchema.parse({ timeoutMs: maximum * 1000 }).timeoutMs).toBe(maximum * 1000)
  },

  async 'delay of a fault, and of a webhook fault'({ numbers, beyond }) {
    await using server = await startMockServer()
    for (const [index, path] of ['faults', 'webhook-faults'].entries()) {
      const add = (delayMs: number) => ask(server, path, { action: { delayMs } })
      expect(await add(numbers[index] ?? 0)).toMatchObject({ status: 201 })
      expect(beyond).toContain(String((await add((numbers[index] ?? 0) + 1)).status))
    }
  },

  async "delay of a bot's answer"({ numbers: [maximum = 0], beyond }) {
    await using server = await startMockServer()
    const set = (afterMs: number) =>
      ask(server, 'bot', { rules: [{ when: 'hi', say: 'hello', afterMs }] }, 'PUT')
    expect(await set(maximum * 1000)).toMatchObject({ status: 200 })
    expect(beyond).toContain(String((await set(maximum * 1000 + 1)).status))
  },
}

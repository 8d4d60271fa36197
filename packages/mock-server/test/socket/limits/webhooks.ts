import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, vi } from 'vitest'
import { AccountSettings } from '../../../src/accounts/account-settings.ts'
import type { AppInstall } from '../../../src/accounts/app-installs.ts'
import { createService } from '../../../src/app/create-app.ts'
import { parseSettings } from '../../../src/settings.ts'
import { AttemptBudget } from '../../../src/webhooks/attempt-budget.ts'
import type { Attempt } from '../../../src/webhooks/delivery.ts'
import { NotificationPoster } from '../../../src/webhooks/post-notification.ts'
import type { LimitCheck } from '../../limits-table.ts'

const install = { clientId: 'client', clientSecret: 'secret' } as AppInstall

/** A receiver that answers as a check says, and what is posted to it with the settings of a mock. */
async function startPosts(answer: (response: ServerResponse) => void) {
  const connections = { opened: 0, closed: 0 }
  const server = createServer((request, response) => {
    request.resume().once('end', () => answer(response))
  })
  server.on('connection', socket => {
    connections.opened += 1
    socket.once('close', () => {
      connections.closed += 1
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const poster = new NotificationPoster(new AccountSettings(parseSettings({})))
  return {
    post: () =>
      poster.post({
        accountId: '1',
        install,
        registration: { endpoint },
        body: '{}',
        signal: new AbortController().signal,
      }),
    connections,
    async [Symbol.asyncDispose]() {
      await poster.close()
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

export const webhookLimits: Readonly<Record<string, LimitCheck>> = {
  async "text of a webhook receiver's response, in the log"({ numbers: [maximum = 0] }) {
    let bytes = maximum
    await using world = await startPosts(response => void response.end('x'.repeat(bytes)))
    const read = async () => (await world.post()).response
    expect(await read()).toEqual({ text: 'x'.repeat(maximum), truncated: false })
    bytes += 1
    expect(await read()).toEqual({ text: 'x'.repeat(maximum), truncated: true })
  },

  async 'headers and responses of all webhook attempts'({ numbers: [maximum = 0] }) {
    const budget = new AttemptBudget()
    const attempts: Attempt[] = []
    const count = 32
    // An attempt counts 512 bytes beside its texts.
    const body = 'x'.repeat(maximum / count - 512)
    const add = () =>
      budget.add(attempts, {
        attempt: attempts.length + 1,
        at: 0,
        outcome: 200,
        durationMs: 0,
        headers: {},
        response: { status: 200, body, truncated: false },
      })
    for (let index = 0; index < count; index += 1) add()
    expect(attempts.filter(({ response }) => response)).toHaveLength(count)
    add()
    expect(attempts.findIndex(({ response, headers }) => response && headers)).toBe(1)
  },

  async 'log of webhook deliveries of an account'({ numbers: [maximum = 0] }) {
    const { log } = createService({}).webhooks.of('1')
    const add = (index: number) =>
      log.add({
        deliveryId: String(index),
        createdAt: 0,
        conversationId: 'c-1',
        eventType: 'ms.MessagingEventNotification.ContentEvent',
        clientId: 'client',
        endpoint: 'https://a',
        state: 'delivered',
        attempts: [],
        body: '{}',
      })
    for (let index = 0; index < maximum; index += 1) add(index)
    expect([log.length, log.dropped, log.find('0')?.deliveryId]).toEqual([maximum, 0, '0'])
    add(maximum)
    expect([log.length, log.dropped, log.find('0')]).toEqual([maximum, 1, undefined])
  },

  async 'webhooks in flight to one host'({ numbers: [maximum = 0] }) {
    const held: ServerResponse[] = []
    await using world = await startPosts(response => void held.push(response))
    const posts = Array.from({ length: maximum + 1 }, world.post)
    await vi.waitFor(() => expect(held).toHaveLength(maximum), 10_000)
    held.shift()?.end()
    await Promise.race(posts)
    await vi.waitFor(() => expect(held).toHaveLength(maximum))
    for (const response of held) response.end()
    const outcomes = (await Promise.all(posts)).map(({ outcome }) => outcome)
    expect(new Set(outcomes)).toEqual(new Set([200]))
    expect(world.connections.opened).toBe(maximum)
  },

  async 'response of a webhook receiver'({ numbers: [maximum = 0] }) {
    let bytes = 0
    await using world = await startPosts(response => void response.end(Buffer.alloc(bytes)))
    /** How many connections are closed after a response. */
    const answer = async (length: number, closed: number) => {
      bytes = length
      expect(await world.post()).toMatchObject({ outcome: 200 })
      await vi.waitFor(() => expect(world.connections.closed).toBe(closed), 10_000)
    }
    await answer(maximum, 0)
    await answer(maximum + 1, 1)
    await answer(1, 1)
    await answer(100 * maximum, 2)
  },
}

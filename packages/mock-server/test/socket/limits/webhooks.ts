import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, vi } from 'vitest'
import { AccountSettings } from '../../../src/accounts/account-settings.ts'
import type { AppInstall } from '../../../src/accounts/app-installs.ts'
import { createService } from '../../../src/app/create-app.ts'
import { parseSettings } from '../../../src/settings.ts'
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
    expect(new Set(await Promise.all(posts))).toEqual(new Set([200]))
    expect(world.connections.opened).toBe(maximum)
  },

  async 'response of a webhook receiver'({ numbers: [maximum = 0] }) {
    let bytes = 0
    await using world = await startPosts(response => void response.end(Buffer.alloc(bytes)))
    /** How many connections are closed after a response. */
    const answer = async (length: number, closed: number) => {
      bytes = length
      expect(await world.post()).toBe(200)
      await vi.waitFor(() => expect(world.connections.closed).toBe(closed), 10_000)
    }
    await answer(maximum, 0)
    await answer(maximum + 1, 1)
    await answer(1, 1)
    await answer(100 * maximum, 2)
  },
}

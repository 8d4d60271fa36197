import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { connectMockServer, type EventStream, type StreamedEvent } from '../../../src/control.ts'
import { startMockServer } from '../../../src/index.ts'

async function start() {
  const server = await startMockServer()
  onTestFinished(() => server.close())
  const remote = connectMockServer(server.url)
  onTestFinished(() => remote.close())
  return { server, remote }
}

/** The first events of a stream. */
async function take(events: EventStream, count: number): Promise<StreamedEvent[]> {
  const taken: StreamedEvent[] = []
  for await (const event of events) if (taken.push(event) === count) break
  return taken
}

test('events are an async iterable, which has all that is done once it is open', async () => {
  const { server, remote } = await start()
  const all = remote.events()
  const one = remote.events({ accountId: 'a/b', kind: 'clock' })
  await Promise.all([all.opened, one.opened])
  server.account('other').clock.freeze()
  server.account('a/b').clock.freeze()
  expect(await take(all, 2)).toMatchObject([
    { event: 'clock', id: expect.any(String), data: { accountId: 'other', frozen: true } },
    { event: 'clock', data: { accountId: 'a/b' } },
  ])
  expect(await take(one, 1)).toMatchObject([{ event: 'clock', data: { accountId: 'a/b' } }])
})

test('a reader continues behind the id that it names', async () => {
  const { server, remote } = await start()
  const { clock, accountId } = server.account()
  const first = remote.events({ accountId })
  await first.opened
  clock.freeze()
  const [seen] = await take(first, 1)
  await clock.advance(1)
  const second = remote.events({ accountId, lastEventId: seen?.id ?? '' })
  await second.opened
  clock.resume()
  expect(await take(second, 2)).toMatchObject([
    { data: { frozen: true } },
    { data: { frozen: false } },
  ])
  expect(await take(remote.events({ accountId, lastEventId: 'other-1' }), 2)).toMatchObject([
    { event: 'gap', id: undefined, data: { after: 'other-1' } },
    { event: 'clock' },
  ])
})

test('a connection that breaks is opened again, and no event is lost or repeated', async () => {
  const { server } = await start()
  const { port } = new URL(server.url)
  const sockets = new Set<Socket>()
  const between = createServer(client => {
    const mock = connect(Number(port), '127.0.0.1')
    for (const socket of [client, mock]) sockets.add(socket.on('error', () => {}))
    client.pipe(mock).pipe(client)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void between.close())
  await once(between, 'listening')
  const remote = connectMockServer(`http://127.0.0.1:${(between.address() as AddressInfo).port}`)
  onTestFinished(() => remote.close())

  const { clock } = server.account()
  const events = remote.events()
  await events.opened
  const iterator = events[Symbol.asyncIterator]()
  clock.freeze()
  const seen = [(await iterator.next()).value?.id]
  for (const socket of sockets) socket.resetAndDestroy()
  await clock.advance(1)
  await clock.advance(1)
  seen.push((await iterator.next()).value?.id, (await iterator.next()).value?.id)
  const numbers = seen.map(id => Number(/-(\d+)$/.exec(id ?? '')?.[1]))
  expect(numbers).toEqual([1, 2, 3])
  await server.close()
  expect(await iterator.next()).toEqual({ done: true, value: undefined })
})

test('a refused call, and a mock that is none, are errors', async () => {
  const { remote } = await start()
  const refused = remote.events({ kind: 'none' })
  await expect(refused.opened).rejects.toMatchObject({ name: 'ControlError', status: 400 })
  await expect(take(refused, 1)).rejects.toMatchObject({ status: 400 })
  const none = connectMockServer('http://127.0.0.1:1').events()
  await expect(none.opened).rejects.toThrow('No mock answers at http://127.0.0.1:1')
})

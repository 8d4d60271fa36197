import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import { type MockServer, startMockServer } from '@sendbox/mock-server'
import { operations, SendResponseSchema, toPath } from '@sendbox/schema'
import { expect, test } from 'vitest'

// A store that awaits has its own test: packages/mock-server/test/unit/store/slow-store.test.ts.
const connections = 50
const conversationId = 'busy'

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

/** A consumer who writes to one conversation over at most 50 connections, which are kept open. */
async function startBusyConsumer(server: MockServer) {
  const account = server.account()
  const { appJwt, consumerJws } = await account.tokens('busy-consumer')
  await account.conversations.open('busy-consumer', conversationId)
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const { accountId } = account
  const url = `${server.url}${toPath(operations.send.path, { accountId })}?v=3`
  let mostConnections = 0
  const say = async (message: string): Promise<number> => {
    const call = request(url, {
      agent,
      method: 'POST',
      headers: {
        Authorization: appJwt,
        'X-LP-ON-BEHALF': consumerJws,
        'Content-Type': 'application/json',
      },
    })
    call.end(
      JSON.stringify({
        id: message,
        type: 'ms.PublishEvent',
        body: {
          dialogId: conversationId,
          event: { type: 'ContentEvent', contentType: 'text/plain', message },
        },
      }),
    )
    const [response] = await once(call, 'response')
    mostConnections = Math.max(mostConnections, Object.values(agent.sockets).flat().length)
    const answer = SendResponseSchema.parse(JSON.parse(await readText(response)))
    if (!('sequence' in answer.body)) throw new Error(`No number for ${message}`)
    expect(answer.reqId).toBe(message)
    return answer.body.sequence
  }
  return {
    say,
    mostConnections: () => mostConnections,
    transcript: async () => {
      const view = await account.conversations.get(conversationId)
      return view?.dialogs[0]?.transcript ?? []
    },
    [Symbol.dispose]: () => agent.destroy(),
  }
}

type BusyConsumer = Awaited<ReturnType<typeof startBusyConsumer>>

/** The sent messages by the sequence number that each sender received. */
const byNumber = (said: readonly (readonly [sequence: number, message: string])[]) =>
  said.toSorted(([one], [other]) => one - other)

const kept = async ({ transcript }: BusyConsumer, role?: string) =>
  (await transcript())
    .filter(entry => role === undefined || entry.role === role)
    .map(({ sequence, event }) => [sequence, 'message' in event && event.message])

test('1,000 concurrent texts over 50 connections get 1,000 numbers without a gap: a regression test of HTTP and model, as the store in memory changes in one turn', async () => {
  await using server = await startMockServer()
  using consumer = await startBusyConsumer(server)
  const messages = upTo(1000).map(index => `message ${index}`)
  const said = await Promise.all(
    messages.map(async message => [await consumer.say(message), message] as const),
  )
  expect(consumer.mostConnections()).toBe(connections)
  expect(byNumber(said).map(([sequence]) => sequence)).toEqual(upTo(1000))
  expect(await kept(consumer)).toEqual(byNumber(said))
})

test('a consumer and an agent who write concurrently share one counter, and no message is lost', async () => {
  await using server = await startMockServer()
  using consumer = await startBusyConsumer(server)
  const agent = server.account().agent(conversationId)
  const said = await Promise.all(
    upTo(500).map(async index => {
      const [question, answer] = [`question ${index}`, `answer ${index}`]
      const asked = [await consumer.say(question), question] as const
      return { CONSUMER: asked, ASSIGNED_AGENT: [await agent.say(answer), answer] as const }
    }),
  )
  const everything = said.flatMap(({ CONSUMER, ASSIGNED_AGENT }) => [CONSUMER, ASSIGNED_AGENT])
  expect(byNumber(everything).map(([sequence]) => sequence)).toEqual(upTo(1000))
  expect(await kept(consumer)).toEqual(byNumber(everything))
  for (const role of ['CONSUMER', 'ASSIGNED_AGENT'] as const)
    expect(await kept(consumer, role)).toEqual(byNumber(said.map(entry => entry[role])))
  const roles = (await consumer.transcript()).map(({ role }) => role)
  expect(roles.indexOf('ASSIGNED_AGENT')).toBeLessThan(roles.lastIndexOf('CONSUMER'))
})

import { strictEqual } from 'node:assert/strict'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ClientStep, faultsInOrder, faultsInTranscript, runClients } from './clients.ts'
import { accountId, consumers, type Meddle, type System, startSystem } from './system.ts'

const client = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constant<ClientStep>('say') },
    { weight: 4, arbitrary: fc.constantFrom<ClientStep[]>('compose', 'read', 'agentSays') },
    { weight: 1, arbitrary: fc.constantFrom<ClientStep[]>('advance', 'close') },
  ),
  { minLength: 1, maxLength: 12 },
)
const threeConversations = fc.array(fc.array(client, { minLength: 1, maxLength: 4 }), {
  minLength: 3,
  maxLength: 3,
})

/** Runs clients on three conversations concurrently, forty times. Returns the outcomes that no sequential order explains. */
async function faultsOf(options: Parameters<typeof startSystem>[1] = {}): Promise<string[]> {
  await using system = await startSystem({ secondConversation: 'allow' }, options)
  const account = system.server.account(accountId)
  const found: string[] = []
  let run = 0
  const property = fc.asyncProperty(threeConversations, async conversations => {
    run += 1
    const faults = await Promise.all(
      conversations.map(async (clients, who) => {
        const id = `conversation-${run}-${who}`
        await account.conversations.open(consumers[who] ?? '', id)
        const happened = await runClients(system, who, id, clients)
        return [...(await faultsInTranscript(system, id, happened)), ...faultsInOrder(happened)]
      }),
    )
    found.push(...faults.flat())
    return found.length === 0
  })
  await fc.check(property, { numRuns: 40, seed: 20261103, endOnFailure: true })
  return run < 40 && found.length === 0 ? ['a run broke off'] : found
}

test.each([
  ['in memory', false],
  ['with a data folder', true],
])(
  'whatever clients do at once, each conversation can be told as one thing after the other, %s',
  async (_, isKept) => {
    expect(await faultsOf({ isKept })).toEqual([])
  },
  60_000,
)

test('a mock that gives a number twice is found out', async () => {
  const meddle: Meddle = received => {
    if (received.isLost) return received
    const text = received.text.replace('"sequence":2', '"sequence":1')
    return { ...received, text, json: text === '' ? undefined : JSON.parse(text) }
  }
  expect(await faultsOf({ meddle })).not.toEqual([])
}, 60_000)

const batch = [
  { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: {} },
  { kind: 'req', id: '2', type: 'cm.ConsumerRequestConversation', body: { brandId: accountId } },
]

/** Lets one consumer open ten conversations concurrently. Resolves with the ids in the successful responses. */
async function openTenAtOnce(system: System): Promise<unknown[]> {
  const received = await Promise.all(
    Array.from({ length: 10 }, () =>
      system.call({
        path: `/api/account/${accountId}/messaging/consumer/conversation?v=3`,
        headers: {
          Authorization: system.appJwt.token,
          'X-LP-ON-BEHALF': system.consumerJws[0] ?? '',
        },
        json: batch,
      }),
    ),
  )
  return received.flatMap(answer => {
    if (answer.isLost) throw new Error('A call was lost')
    if (answer.status === 200) return [(answer.json as typeof batch)[1]?.body]
    strictEqual((answer.json as { body: { errorCode: number } }).body.errorCode, 40057)
    return []
  })
}

test.each([
  ['reject', 1, 1],
  ['reuse', 10, 1],
  ['allow', 10, 10],
] as const)(
  'of ten conversations that a consumer asks for at once, "%s" answers %i with %i ids',
  async (secondConversation, answers, ids) => {
    await using system = await startSystem({ secondConversation })
    const opened = await openTenAtOnce(system)
    expect(opened).toHaveLength(answers)
    expect(new Set(opened.map(body => JSON.stringify(body))).size).toBe(ids)
    expect(await system.server.account(accountId).conversations.list()).toHaveLength(ids)
  },
)

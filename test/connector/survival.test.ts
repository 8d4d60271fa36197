import type { MockAccount } from '@sendbox/mock-server'
import { expect, test } from 'vitest'
import { createRandom } from '../hostile/random.ts'
import { startSmsWorld } from './sms-gateway-world.ts'

const phones = ['+4915112345678', '+4917012345678'] as const
const stepCount = 60
const tokenLifeMs = 3_600_000

type World = Awaited<ReturnType<typeof startSmsWorld>>

/** Lets everything go wrong now and then, by the seed of the mock. */
function addFaults({ faults, webhooks }: MockAccount): void {
  const text = { event: 'ContentEvent' } as const
  faults.add({ match: text, action: { loseAnswer: true }, probability: 0.2 })
  faults.add({ match: { operation: 'send' }, action: { status: 429 }, probability: 0.1 })
  faults.add({ match: text, action: { status: 503 }, probability: 0.1 })
  faults.add({ match: text, action: { truncate: true }, probability: 0.1 })
  const opening = { operation: 'conversation' } as const
  faults.add({ match: opening, action: { loseAnswer: true }, probability: 0.6 })
  faults.add({ match: opening, action: { status: 429 }, probability: 0.6 })
  const receipt = { event: 'AcceptStatusEvent' } as const
  faults.add({ match: receipt, action: { loseAnswer: true }, probability: 0.2 })
  const told = { eventType: 'ms.MessagingEventNotification.ContentEvent' } as const
  webhooks.faults.add({ match: told, action: { holdBack: true }, probability: 0.3 })
  webhooks.faults.add({ match: told, action: { beforeAnswer: true }, probability: 0.2 })
  webhooks.faults.add({ match: {}, action: { twice: true }, probability: 0.3 })
}

/** The agent's texts to a phone, and those that a receipt was given for, by conversation and number. */
async function listReceipts({ conversationsOf }: World, phone: string, status: string) {
  const texts: string[] = []
  const receipts = new Set<string>()
  for (const { conversationId, dialogs } of await conversationsOf(phone))
    for (const { sequence, role, event } of dialogs.flatMap(({ transcript }) => transcript)) {
      if (event.type === 'ContentEvent' && role !== 'CONSUMER')
        texts.push(`${conversationId} ${sequence}`)
      if (event.type === 'AcceptStatusEvent' && event.status === status)
        for (const number of event.sequenceList) receipts.add(`${conversationId} ${number}`)
    }
  return { texts, receipts: [...receipts] }
}

/** How often each thing went wrong in one mock, and how often a token had expired. */
const countTrouble = ({ faults, webhooks, requests }: MockAccount): number[] => [
  ...[...faults.list(), ...webhooks.faults.list()].map(({ acted }) => acted),
  requests.list({ status: 401 }).length,
]

test.each(['one', 'two', 'three'])(
  'the example survives lost answers, webhooks twice and out of order, expired tokens, restarts and 429s: seed %s',
  async seed => {
    await using world = await startSmsWorld({ seed })
    const { gateway, account, clock } = world
    const random = createRandom(Buffer.from(seed).readUIntBE(0, 3))
    const trouble: number[][] = []
    let lastText = 0

    const writeTexts = (): string[] =>
      Array.from({ length: 1 + random.below(3) }, () => {
        lastText += 1
        return `text ${lastText}`
      })
    const phoneWrites = async (phone: string): Promise<void> => {
      const times = 1 + random.below(2)
      await Promise.all(writeTexts().map(text => gateway.send(phone, text, { times })))
    }
    const agentWrites = async (phone: string): Promise<void> => {
      const agent = await world.agentOf(phone)
      const texts = writeTexts()
      const count = gateway.idsAt(phone).length + texts.length
      if (random.oneIn(3)) gateway.fail(random.pick(['refuse', 'loseAnswer']))
      await agent.type('COMPOSING')
      for (const text of texts) await agent.say(text)
      await agent.type('ACTIVE')
      await gateway.received(phone, count)
      await world.quiet()
      for (const id of gateway.idsAt(phone).slice(-texts.length)) await gateway.report(id, 'read')
    }
    const agentCloses = async (phone: string): Promise<void> => {
      await (await world.agentOf(phone)).close()
      if (random.oneIn(2)) await world.quiet()
    }
    const writeAcrossRestart = async (phone: string): Promise<void> => {
      await world.quiet()
      trouble.push(countTrouble(account()))
      clock.holdWaits()
      const startMock = await world.stopMock()
      const writing = phoneWrites(phone)
      await startMock()
      addFaults(account())
      clock.passWaits()
      await writing
    }

    addFaults(account())
    for (let step = 0; step < stepCount; step += 1) {
      const phone = random.pick(phones)
      const isOpen = (await world.conversationsOf(phone)).some(({ stage }) => stage === 'OPEN')
      if (step % 13 === 12) await writeAcrossRestart(phone)
      else if (!isOpen || random.oneIn(2)) await phoneWrites(phone)
      else if (random.oneIn(5)) await agentCloses(phone)
      else await agentWrites(phone)
      if (random.oneIn(8)) await account().clock.advance(tokenLifeMs)
      expect(await world.agentsView(phone), `step ${step}`).toEqual(world.phonesView(phone))
    }
    await world.quiet()
    trouble.push(countTrouble(account()))

    for (const phone of phones) {
      expect(await world.agentsView(phone)).toEqual(world.phonesView(phone))
      expect(world.phonesView(phone).length).toBeGreaterThan(stepCount / 4)
      for (const status of ['ACCEPT', 'READ']) {
        const { receipts, texts } = await listReceipts(world, phone, status)
        expect(receipts).toEqual(texts)
      }
    }
    const total = trouble.reduce((sums, counts) =>
      sums.map((sum, index) => sum + (counts[index] ?? 0)),
    )
    expect(total.filter(count => count === 0)).toEqual([])
  },
)

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { MockAccount, MockServer } from '@sendbox/mock-server'
import { operations, toPath } from '@sendbox/schema'

/** The time of the pictures. */
export const pictureTime = Date.parse('2026-01-05T09:30:00Z')

const scenario = (photo: Buffer) => ({
  clock: { now: '2026-01-05T09:30:00Z', frozen: true },
  settings: { survey: true },
  conversations: [
    {
      consumer: '+31612345678',
      at: '2026-01-04T16:05:00Z',
      events: [
        said('Thanks, that is all'),
        { from: 'agent', action: 'close', afterMs: 120_000, closedCause: 'solved' },
      ],
    },
    {
      consumer: 'ines',
      at: '2026-01-05T08:40:00Z',
      features: ['MULTI_DIALOG'],
      open: { skillId: '7' },
      events: [
        said('My code does not work'),
        { from: 'agent', action: 'say', text: 'It works again now.', afterMs: 90_000 },
        { from: 'agent', action: 'close', afterMs: 300_000 },
      ],
    },
    {
      consumer: 'zoe',
      at: '2026-01-05T09:12:00Z',
      profile: { firstName: 'Zoe', lastName: 'Marsh' },
      open: { skillId: '7', ttrDefName: 'URGENT' },
      features: ['MULTI_DIALOG'],
      events: [
        said('Where is my parcel? It was due on Friday 📦'),
        { from: 'agent', action: 'accept', afterMs: 2000 },
        { from: 'agent', action: 'read', afterMs: 20_000 },
        {
          from: 'agent',
          action: 'say',
          text: 'Hello Zoe, one moment: I look it up.',
          afterMs: 30_000,
        },
        {
          from: 'agent',
          action: 'say',
          text: 'Carrier says: held at the depot since Saturday.',
          messageAudience: 'AGENTS_AND_MANAGERS',
          afterMs: 60_000,
        },
        {
          from: 'agent',
          action: 'sendFile',
          base64: photo.toString('base64'),
          fileType: 'PNG',
          caption: 'label.png',
          afterMs: 30_000,
        },
        { from: 'agent', action: 'sendCard', card: deliveryCard, afterMs: 30_000 },
        said('Tomorrow, please', 45_000),
        { from: 'agent', action: 'type', afterMs: 5000 },
      ],
    },
    {
      consumer: 'max',
      at: '2026-01-05T09:20:00Z',
      open: { skillId: '12' },
      events: [said('Kann ich die Rechnung noch einmal haben?', 5000)],
    },
    { consumer: 'سارة', at: '2026-01-05T09:26:00Z', events: [said('مرحبا، أين طلبي؟')] },
  ],
})

const said = (message: string, afterMs = 0) => ({
  from: 'consumer',
  type: 'ms.PublishEvent',
  body: { event: { type: 'ContentEvent', contentType: 'text/plain', message } },
  afterMs,
})

const option = (title: string) => ({
  type: 'button',
  title,
  click: {
    metadata: [{ type: 'ExternalId', id: title.toLowerCase() }],
    actions: [{ type: 'publishText', text: `${title}, please` }],
  },
})

const deliveryCard = {
  type: 'vertical',
  elements: [
    { type: 'text', text: 'When may we deliver it?' },
    { type: 'horizontal', elements: [option('Today'), option('Tomorrow'), option('Saturday')] },
  ],
}

/** Sends an event as a connector does, and returns once its webhooks are through. */
async function send(
  { server, account }: Filled,
  consumer: string,
  event: Readonly<Record<string, unknown>>,
): Promise<number> {
  const [view] = (await account.conversations.list()).filter(one => one.consumer === consumer)
  const { appJwt, consumerJws } = await account.tokens(consumer)
  const path = toPath(operations.send.path, { accountId: account.accountId })
  const { conversationId } = view ?? {}
  const body = { dialogId: conversationId, conversationId, event }
  try {
    const response = await fetch(`${server.url}${path}?v=3`, {
      method: 'POST',
      headers: {
        Authorization: appJwt,
        'X-LP-ON-BEHALF': consumerJws,
        'Content-Type': 'application/json',
        'User-Agent': 'connector/1.4',
      },
      body: JSON.stringify({ kind: 'req', id: '1', type: 'ms.PublishEvent', body }),
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 0
  } finally {
    await account.webhooks.idle()
    await account.clock.advance(11_000)
  }
}

const text = (message: string) => ({
  type: 'ContentEvent',
  contentType: 'text/plain',
  message,
})

/** A mock with something in each room, and the ids of what its pictures open. */
export interface Filled {
  readonly server: MockServer
  readonly account: MockAccount
}

/** A receiver of webhooks that fails at its second and third one. */
async function startReceiver(): Promise<{ server: Server; url: string }> {
  let received = 0
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      received += 1
      const isDown = received === 2 || received === 3
      response.writeHead(isDown ? 503 : 200).end(isDown ? 'the queue is full' : '')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/liveperson` }
}

const notification = (name: string): string => `ms.MessagingEventNotification.${name}`

/** Gives each room something to show: conversations, calls of which some are refused, webhooks of which some fail, and faults. */
export async function fillMock(
  filled: Filled,
  photo: Buffer,
): Promise<{
  readonly conversationId: string
  readonly refusedId: number
  readonly stop: () => void
}> {
  const { account, server } = filled
  await account.loadScenario(scenario(photo) as never)
  const receiver = await startReceiver()
  account.webhooks.register({
    [notification('ContentEvent')]: { endpoint: receiver.url, max_retries: 3 },
    [notification('AcceptStatusEvent')]: { endpoint: receiver.url },
    'cqm.ExConversationChangeNotification': { endpoint: receiver.url },
  })
  const list = await account.conversations.list()
  const idOf = (consumer: string): string =>
    list.find(one => one.consumer === consumer)?.conversationId ?? ''
  await fetch(`${server.url}/api/account/${account.accountId}/service/baseURI.json?version=1.0`)
  await send(filled, 'max', text('Die vom Dezember'))
  await send(filled, 'max', { type: 'ChatStateEvent', chatState: 'TYPING' })
  await send(filled, 'max', { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [9] })
  await fetch(`${server.url}/api/acount/${account.accountId}/messaging`)
  const agent = account.agent(idOf('max'))
  for (const message of ['Guten Morgen Max', 'Sie ist unterwegs', 'Kam sie an?']) {
    await agent.say(message)
    await account.webhooks.idle()
  }
  account.faults.add({ match: { operation: 'send' }, action: { status: 429 }, times: 2 })
  await send(filled, 'max', text('Ja, danke'))
  account.faults.add({ match: { event: 'ContentEvent' }, action: { loseAnswer: true }, times: 1 })
  account.webhooks.faults.add({ action: { twice: true }, times: 1 })
  const refused = account.requests.list().find(({ status }) => status === 400)
  return {
    conversationId: idOf('zoe'),
    refusedId: refused?.id ?? 1,
    stop: () => void receiver.server.close(),
  }
}

import { expect, test } from 'vitest'
import { AgentActionSchema } from '../../../src/accounts/agent-action.ts'
import { type ScenarioInput, ScenarioSchema } from '../../../src/scenario/scenario-schema.ts'
import { contentType, startWebhookReceiver, webhooksAt } from '../../webhook-receiver.ts'
import { accountId, createAccount, now, text } from './create-account.ts'

const close = { from: 'agent', action: 'close' } as const

test('a scenario seeds conversations with their times, and sets clock, settings, faults and bot', async () => {
  const { account } = createAccount()
  const bot = { agentId: 'bot', rules: [{ when: 'Hi', say: 'Hello' }] }
  await account.loadScenario({
    settings: { survey: true },
    clock: { now: '2026-01-05T10:00:00+01:00', frozen: true },
    conversations: [
      {
        consumer: 'zoe',
        at: now - 10_000,
        open: { skillId: '7', ttrDefName: 'URGENT' },
        features: ['MULTI_DIALOG'],
        profile: { firstName: 'Zoe' },
        events: [
          text('Hi'),
          { from: 'agent', action: 'say', text: 'Yes?', agentId: 'anna', afterMs: 2000 },
          { from: 'agent', action: 'type', agentId: 'anna', at: '2026-01-05T08:59:59Z' },
        ],
      },
    ],
    faults: { calls: [{ action: { status: 503 } }], webhooks: [{ action: { lose: true } }] },
    bot,
  })
  const [view] = await account.conversations.list()
  expect(view).toMatchObject({
    state: 'OPEN',
    skillId: '7',
    ttr: { ttrType: 'URGENT' },
    dialogs: [
      {
        chatStates: [{}, { participantId: 'anna', chatState: 'COMPOSING', since: now - 1000 }],
        transcript: [
          { sequence: 0, role: 'CONSUMER', serverTimestamp: now - 10_000 },
          { sequence: 1, originatorId: 'anna', serverTimestamp: now - 8000 },
        ],
      },
    ],
  })
  expect([account.clock.now(), account.clock.frozen]).toEqual([now, true])
  expect(account.settings.current.survey).toBe(true)
  expect(account.bot.current).toMatchObject(bot)
  expect(account.faults.list()).toMatchObject([{ action: { status: 503 }, acted: 0 }])
  expect(account.webhooks.faults.list()).toMatchObject([{ action: { lose: true } }])
  expect((await account.snapshot()).profiles).toEqual({
    [view?.dialogs[0]?.transcript[0]?.originatorId ?? '']: { firstName: 'Zoe' },
  })
})

test('a conversation without a time ends with the time of the clock', async () => {
  const { account } = createAccount()
  const events = [text('one'), { ...text('two'), afterMs: 500 }, { ...text('three'), afterMs: 300 }]
  await account.loadScenario({ clock: { now }, conversations: [{ consumer: 'zoe', events }] })
  const [view] = await account.conversations.list()
  const times = view?.dialogs[0]?.transcript.map(({ serverTimestamp }) => serverTimestamp)
  expect(times).toEqual([now - 800, now - 300, now])
})

test('a conversation without a time begins so that its first event with a time has that', async () => {
  const { account } = createAccount()
  const events = [
    { ...text('one'), afterMs: 500 },
    { ...text('two'), at: now - 5000 },
  ]
  await account.loadScenario({ conversations: [{ consumer: 'zoe', events }] })
  const [view] = await account.conversations.list()
  const times = view?.dialogs[0]?.transcript.map(({ serverTimestamp }) => serverTimestamp)
  expect(times).toEqual([now - 5000, now - 5000])
})

test('what is seeded sends no webhook and is answered by no bot; what follows does and is', async () => {
  await using receiver = await startWebhookReceiver()
  const webhooks = webhooksAt(receiver.url, { types: [contentType] })
  const install = { clientId: 'a', clientSecret: 'b', capabilities: { webhooks } }
  const { account } = createAccount({ accounts: { [accountId]: { installs: [install] } } })
  const bot = { rules: [{ when: 'Hi', say: 'Hello' }] }
  await account.loadScenario({ conversations: [{ consumer: 'zoe', events: [text('Hi')] }], bot })
  await account.clock.advance(60_000)
  expect(account.webhooks.list()).toEqual([])
  const [view] = await account.conversations.list()
  await account.agent(view?.conversationId ?? '').say('Still there?')
  await account.webhooks.waitFor({ count: 1 })
  expect(receiver.posts).toHaveLength(1)
})

test('a load resets the account, its journal, faults and app install too', async () => {
  const { account, services } = createAccount()
  const { conversationId } = await account.conversations.open('zoe')
  account.faults.add({ action: { hang: true } })
  account.webhooks.register(webhooksAt('http://127.0.0.1:1', { types: [contentType] }))
  await account.agent(conversationId).say('one')
  const resets: (string | undefined)[] = []
  services.updates.subscribe('reset', reset => void resets.push(reset.accountId))
  await account.loadScenario({})
  expect(await account.conversations.list()).toEqual([])
  expect([account.faults.list(), account.webhooks.list(), resets]).toEqual([[], [], [accountId]])
  expect(services.installs.list(accountId)[0]?.capabilities).toBeUndefined()
})

test('a seed gives the same ids with each load', async () => {
  const { account } = createAccount({ seed: 'a' })
  const scenario: ScenarioInput = { conversations: [{ consumer: 'zoe', events: [text('Hi')] }] }
  const idsAfterLoad = async () => {
    await account.loadScenario(scenario)
    const views = await account.conversations.list()
    const { conversationId } = await account.conversations.open('max')
    return [...views.map(view => view.conversationId), conversationId]
  }
  expect(await idsAfterLoad()).toEqual(await idsAfterLoad())
})

test('a file of the consumer is uploaded, and a form of the last invitation submitted (PUB-3, PUB-2a)', async () => {
  const { account, services } = createAccount()
  const toEvent = (kind: string, message: object) => ({
    from: 'consumer' as const,
    type: 'ms.PublishEvent' as const,
    body: { event: { type: 'ContentEvent', contentType: kind, message } },
  })
  await account.loadScenario({
    settings: { mode: 'strict' },
    conversations: [
      {
        consumer: 'zoe',
        events: [
          { ...toEvent('hosted/file', { fileType: 'PNG' }), base64: 'Ynl0ZXM=' },
          { from: 'agent', action: 'sendSecureForm', formId: 'f', title: 'Form' },
          toEvent('forms/secure-submission', { formId: 'f' }),
        ],
      },
    ],
  })
  const [view] = await account.conversations.list()
  const messages = view?.dialogs[0]?.transcript.map(({ event }) =>
    event.type === 'ContentEvent' ? (event.message as Record<string, string>) : {},
  )
  expect([...services.files.listOf(accountId)]).toEqual([
    [messages?.[0]?.['relativePath'], Buffer.from('bytes')],
  ])
  expect(messages?.[2]).toMatchObject({
    title: 'Form',
    invitationId: messages?.[1]?.['invitationId'],
  })
})

test('a survey follows as the settings of the event say, and is named by its type (UPD-3)', async () => {
  const { account } = createAccount()
  const change = (dialogId: string) => ({
    from: 'consumer' as const,
    type: 'cm.UpdateConversationField' as const,
    body: {
      conversationField: [
        { field: 'DialogChange', type: 'UPDATE', dialog: { dialogId, state: 'CLOSE' } },
      ],
    },
  })
  const conversation = { consumer: 'zoe', open: { skillId: '1' }, features: ['MULTI_DIALOG'] }
  await account.loadScenario({
    conversations: [
      { ...conversation, events: [{ ...change('MAIN'), settings: { survey: true } }, text('5')] },
      {
        ...conversation,
        events: [{ ...close, settings: { survey: true } }, change('POST_SURVEY')],
      },
      { ...conversation, events: [close] },
    ],
  })
  const views = (await account.conversations.list()).toReversed()
  expect(views.map(({ state, stage, dialogs }) => [state, stage, dialogs.length])).toEqual([
    ['CLOSE', 'OPEN', 2],
    ['CLOSE', 'CLOSE', 2],
    ['CLOSE', 'CLOSE', 1],
  ])
  expect(views[0]?.dialogs[1]?.transcript).toHaveLength(1)
  expect(account.settings.current.survey).toBe(false)
})

test('every action of an agent but raw is an event of a scenario', () => {
  const acts = AgentActionSchema.options.map(({ shape }) => [...shape.action.values][0] ?? '')
  const example = { text: '', formId: 'f', title: '', url: 'http://a.test', fileType: 'PNG' }
  const isEvent = (action: string): boolean =>
    [example, {}, { text: '' }, { formId: 'f', title: '' }, { url: 'http://a.test', fileType: 'A' }]
      .map(fields => ({
        conversations: [{ consumer: 'a', events: [{ from: 'agent', action, ...fields }] }],
      }))
      .some(scenario => ScenarioSchema.safeParse(scenario).success)
  expect(acts.filter(action => !isEvent(action))).toEqual(['raw'])
})

test('faults are written as they act from now on; used-up ones, and those of one conversation, are not', async () => {
  const { account, services } = createAccount()
  const subject = { operationId: 'send', types: [], events: [], conversationId: 'a' } as const
  const status = (code: number) => ({ status: code })
  account.faults.add({ action: status(500), times: 1 })
  account.faults.add({ action: status(501), times: 3 })
  account.faults.add({ match: { nth: 5 }, action: status(502) })
  account.faults.add({ match: { conversationId: 'a' }, action: status(503) })
  for (let index = 0; index < 3; index += 1) services.faults.of(accountId).select(subject)
  expect((await account.scenario()).faults).toEqual({
    calls: [
      { match: {}, action: status(501), times: 1 },
      { match: { nth: 2 }, action: status(502) },
    ],
  })
})

test('a conversation of a snapshot that no scenario leads to is refused, and says what to do', async () => {
  const { account } = createAccount()
  const { conversationId } = await account.conversations.open('zoe')
  await account.agent(conversationId).read([0])
  const snapshot = structuredClone(await account.snapshot())
  const entry = snapshot.conversations[0]?.transcripts[conversationId]?.[0]
  Object.assign(entry?.event ?? {}, { status: 'NACK' })
  await account.restore(snapshot)
  await expect(account.scenario()).rejects.toThrow(
    `Conversation ${conversationId} cannot be written as a scenario, as no action of an agent publishes its entry 0; take a snapshot instead`,
  )
})

test('a written scenario has no ids and no secrets', async () => {
  const install = { clientId: 'the-client', clientSecret: 'the-secret' }
  const { account } = createAccount({ accounts: { [accountId]: { installs: [install] } } })
  await account.loadScenario({ conversations: [{ consumer: 'zoe', events: [text('Hi')] }] })
  const [view] = await account.conversations.list()
  const written = JSON.stringify(await account.scenario())
  const originatorId = view?.dialogs[0]?.transcript[0]?.originatorId ?? ''
  for (const hidden of [view?.conversationId ?? '', originatorId, 'the-client', 'the-secret'])
    expect(written).not.toContain(hidden)
  expect(written).toContain('"consumer":"zoe"')
})

test('a long history lets other work of the process come in between', async () => {
  const { account } = createAccount()
  const events = Array.from({ length: 3000 }, () => text('Hi'))
  let turns = 0
  const counter = setInterval(() => {
    turns += 1
  }, 1)
  await account.loadScenario({ conversations: [{ consumer: 'zoe', events }] })
  clearInterval(counter)
  expect(turns).toBeGreaterThan(5)
})

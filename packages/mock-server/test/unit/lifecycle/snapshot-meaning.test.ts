import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createService } from '../../../src/app/create-app.ts'
import { restoreAccount, snapshotAccount } from '../../../src/lifecycle/snapshot.ts'
import {
  type AccountSnapshot,
  AccountSnapshotSchema,
  parseSnapshot,
} from '../../../src/lifecycle/snapshot-schema.ts'
import type { Command } from '../../../src/model/command.ts'
import type { DialogEvent } from '../../../src/model/conversation-state.ts'
import { checkInput } from '../../../src/parse-input.ts'
import { changeType, contentType } from '../../webhook-receiver.ts'

const accountId = '1'

const consumer = { id: 'zoe', role: 'CONSUMER' } as const
const agents = ['agent-1', 'agent-2'].map(id => ({ id, role: 'ASSIGNED_AGENT' }) as const)

const text = { type: 'ContentEvent', contentType: 'text/plain', message: 'hi' } as const
const published: readonly DialogEvent[] = [
  text,
  { type: 'RichContentEvent', content: { type: 'text', text: 'card' } },
  { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] },
  { type: 'ChatStateEvent', chatState: 'COMPOSING' },
]

type Step = Command | { readonly type: 'advance'; readonly ms: number } | { readonly type: 'again' }

/** A publish without `dialogId` is to another dialog. */
const toSteps = (conversationId: string): fc.Arbitrary<Step> => {
  const participant = fc.constantFrom(...agents)
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        type: fc.constant('publish' as const),
        participant: fc.constantFrom(consumer, ...agents),
        dialogId: fc.constantFrom(conversationId, ''),
        event: fc.constantFrom(...published),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        type: fc.constantFrom('join' as const, 'leave' as const),
        participant,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        type: fc.constantFrom(
          'endDialog' as const,
          'startSurvey' as const,
          'openCoBrowse' as const,
          'closeCoBrowse' as const,
        ),
        participant,
      }),
    },
    fc.record({
      type: fc.constant('transfer' as const),
      participant,
      to: participant,
      skillId: fc.constantFrom('7', '8'),
    }),
    fc.record({
      type: fc.constant('updateFields' as const),
      participant: fc.constant(consumer),
      fields: fc.constantFrom<Extract<Command, { type: 'updateFields' }>['fields']>(
        [{ field: 'TTRField', ttrType: 'CUSTOM', value: 60 }],
        [{ field: 'Stage', conversationState: 'CLOSE' }],
        [
          {
            field: 'DialogChange',
            type: 'UPDATE',
            dialog: { dialogId: conversationId, state: 'CLOSE' },
          },
        ],
      ),
    }),
    fc.record({ type: fc.constant('advance' as const), ms: fc.constantFrom(1, 4000, 40_000) }),
    fc.record({ type: fc.constant('again' as const) }),
  )
}

/** Services whose account has a webhook that always fails, and keeps few entries. */
function createWorld(webhooks: object) {
  const service = createService({
    seed: 'seed',
    now: () => 1_700_000_000_000,
    accounts: { [accountId]: { installs: [{ capabilities: { webhooks } as never }] } },
    settings: { survey: true, transcriptEntries: 6 },
  })
  service.clocks.of(accountId).freeze()
  service.webhooks.of(accountId).faults.add({ action: { status: 503 } })
  return service
}

type World = ReturnType<typeof createWorld>

const openIn = (service: World, conversationId: string) =>
  service.conversations.run(
    { accountId, conversationId },
    {
      type: 'open',
      conversationId,
      consumerId: consumer.id,
      extConsumerId: 'zoe',
      request: {
        brandId: accountId,
        skillId: '7',
        channelType: 'MESSAGING',
        campaignInfo: { campaignId: 1, engagementId: '2' },
        conversationContext: { visitorId: 'a', interactionContextId: 3, type: 'SharkContext' },
      },
      features: ['MULTI_DIALOG'],
      firstMessage: { event: text },
    },
  )

const webhook = { endpoint: 'http://127.0.0.1:1/', max_retries: 2 }
const manifests = [
  {},
  { [contentType]: webhook, [changeType]: webhook },
  { [contentType]: webhook, retry: { retention_time: 3600 } },
]

async function perform(service: World, conversationId: string, step: Step): Promise<void> {
  if (step.type === 'again') return void (await expectAgain(service))
  if (step.type === 'advance') return service.clocks.of(accountId).advance(step.ms)
  await service.conversations.run({ accountId, conversationId }, step)
}

/** The snapshot, which is accepted as it is and after a restore is the same. */
async function expectAgain(service: World): Promise<AccountSnapshot> {
  parseSnapshot(structuredClone(await snapshotAccount(service, accountId)), accountId)
  await service.webhooks.of(accountId).idle()
  const snapshot = structuredClone(await snapshotAccount(service, accountId))
  await restoreAccount(service, parseSnapshot(structuredClone(snapshot), accountId))
  expect(await snapshotAccount(service, accountId)).toEqual(snapshot)
  return snapshot
}

test('the snapshot of whatever state an account reaches is accepted, and restores that state', async () => {
  const steps = fc.array(
    fc
      .tuple(fc.constantFrom('a', 'b'), fc.nat(2))
      .chain(([id, dialog]) => fc.tuple(fc.constant(id), fc.constant(dialog), toSteps(id))),
    { maxLength: 25 },
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...manifests), steps, async (webhooks, sequence) => {
      const service = createWorld(webhooks)
      for (const id of ['a', 'b']) await openIn(service, id)
      for (const [id, index, step] of sequence) {
        const record = await service.store.load({ accountId, conversationId: id })
        const dialogId = record?.state.dialogs.at(-1 - index)?.dialogId ?? id
        const named = step.type === 'publish' && step.dialogId === '' ? { ...step, dialogId } : step
        await perform(service, id, named)
      }
      expect(problemsOf(await expectAgain(service))).toEqual([])
      await service.webhooks.close()
    }),
    { numRuns: 60 },
  )
})

/** Conversation a is closed after a survey, b is open with entries that were evicted, a CoBrowse session and an agent. */
async function takeFullSnapshot(): Promise<AccountSnapshot> {
  const service = createWorld(manifests[2] ?? {})
  for (const conversationId of ['a', 'b']) {
    const key = { accountId, conversationId }
    const [participant] = agents
    if (participant === undefined) throw new Error('There is no agent')
    await openIn(service, conversationId)
    await service.conversations.run(key, { type: 'join', participant })
    for (const event of [...published, text, text, text, text, text])
      await service.conversations.run(key, {
        type: 'publish',
        participant: consumer,
        dialogId: conversationId,
        event,
      })
    if (conversationId === 'b') {
      await service.conversations.run(key, { type: 'openCoBrowse', participant })
      continue
    }
    await service.conversations.run(key, { type: 'startSurvey', participant })
    await service.conversations.run(key, { type: 'endDialog', participant })
  }
  service.files.save(accountId, '/v1/AUTH_async-images/1/a.PNG', new Uint8Array([1]))
  const snapshot = await expectAgain(service)
  await service.webhooks.close()
  return snapshot
}

const full = await takeFullSnapshot()

type Json = Record<string | number, unknown>

/** A copy with another value at a pointer; `undefined` removes it. */
function withValue(pointer: string, value: unknown): unknown {
  const copy = structuredClone(full)
  const keys = pointer.split('/').slice(1)
  const last = keys.pop() ?? ''
  let parent = copy as unknown as Json
  for (const key of keys) parent = parent[key] as Json
  if (value === undefined) delete parent[last]
  else parent[last] = value
  return copy
}

const valueAt = (pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((parent, key) => (parent as Json)[key], full)

const problemsOf = (snapshot: unknown) => {
  const result = checkInput(AccountSnapshotSchema, snapshot)
  return result.ok ? [] : result.refusal
}

const [a, b] = ['/conversations/0', '/conversations/1']
const [main, survey] = [`${a}/state/dialogs/0`, `${a}/state/dialogs/1`]
const openMain = `${b}/state/dialogs/0`
const install = '/webhooks/installs/0'
const held = `${install}/events/0`
const { participants: joined } = full.conversations[1]?.state ?? {}

/** The changed place, its new value, and where it is refused, if elsewhere. */
const contradictions: [pointer: string, value: unknown, refusedAt?: string][] = [
  [`${openMain}/nextSequence`, 0],
  [`${openMain}/nextSequence`, 2 ** 53 - 1],
  [`${b}/transcripts/b/1/sequence`, 2],
  [`${b}/transcripts/b`, [], `${b}/dropped`],
  [`${b}/dropped`, 0],
  [`${b}/transcripts/other`, []],
  [`${b}/chatStateHistories/other`, []],
  [b, valueAt(a), `${b}/state/conversationId`],
  [`${openMain}/dialogId`, 'c'],
  [`${b}/state/dialogs/1/dialogId`, 'a'],
  [`${main}/state`, 'OPEN'],
  [`${survey}/state`, 'OPEN'],
  [`${survey}/dialogType`, 'MAIN'],
  [`${openMain}/dialogType`, 'POST_SURVEY'],
  [`${b}/state/dialogs/2`, valueAt(`${b}/state/dialogs/1`), `${b}/state/dialogs/1/state`],
  [`${b}/state/stage`, 'CLOSE', `${b}/state/endTs`],
  [`${a}/state/stage`, 'OPEN', `${a}/state/endTs`],
  [`${a}/state/endTs`, undefined],
  [`${a}/state/endTs`, 1e300],
  [`${a}/state/closeReason`, undefined],
  [`${openMain}/endTs`, 1],
  [`${main}/closedBy`, undefined],
  [`${openMain}/participants`, []],
  [`${openMain}/participants`, [consumer]],
  [`${main}/participants/1`, consumer, `${main}/participants/1/id`],
  [`${b}/state/participants`, joined?.toReversed()],
  [`${b}/state/participants/1/role`, 'CONSUMER'],
  [`${main}/chatStates/0/chatState`, 'ACTIVE'],
  ['/files/0/relativePath', '/v1/AUTH_async-images/2/a.PNG'],
  ['/files/0/relativePath', '/v1/AUTH_async-images/1/../2/a.PNG'],
  ['/files/1', valueAt('/files/0'), '/files/1/relativePath'],
  ['/random', [0, 0, 0, 0]],
  ['/webhooks/lastNumber', 0, `${held}/delivery/deliveryId`],
  ['/webhooks/lastNumber', 2 ** 53 - 1],
  [`${held}/delivery/deliveryId`, 'delivery-01'],
  [`${install}/events/1/delivery/deliveryId`, 'delivery-1'],
  [`${held}/delivery/clientId`, 'other'],
  [`${held}/delivery/state`, 'delivered'],
  [`${held}/event/id`, 'delivery-2'],
  [`${held}/event/arrival`, 2],
  [`${held}/event/arrivedAt`, 1],
  [`${held}/event/conversationId`, 'c'],
  [`${held}/event`, undefined, `${held}/delivery/state`],
  [`${held}/dueAt`, 1, `${held}/delivery/state`],
  [`${held}/dueAt`, 1e300],
  [`${held}/attempt`, 2],
  [`${install}/retryAt`, 1e300],
  ['/webhooks/installs/1', valueAt(install), '/webhooks/installs/1/clientId'],
]

test.each(contradictions)('refuses another value at %s', (pointer, value, refusedAt = pointer) => {
  expect(problemsOf(full)).toEqual([])
  const problems = problemsOf(withValue(pointer, value))
  expect(problems.map(({ path }) => path)).toContain(refusedAt)
})

test('a delivery without event has the time of its attempt, and none without an attempt [WH-10]', () => {
  const { event: _event, ...queued } = valueAt(held) as Json
  const delivery = { ...(queued['delivery'] as Json), state: 'pending' }
  const pathsOf = (fields: object) =>
    problemsOf(withValue(held, { delivery, ...fields })).map(({ path }) => path)
  expect(pathsOf({})).toEqual([])
  expect(pathsOf({ attempt: 2, dueAt: 1 })).toEqual([])
  expect(pathsOf({ attempt: 2 })).toEqual([`${held}/dueAt`])
  expect(pathsOf({ dueAt: 1 })).toEqual([`${held}/dueAt`])
})

test('says where, what was expected and what came', () => {
  expect(problemsOf(withValue(`${openMain}/nextSequence`, 0))).toMatchObject([
    {
      path: `${openMain}/nextSequence`,
      expected: '9, the number after that of the last entry',
      received: '0',
    },
  ])
})

test('looks for no more than a few contradictions, however many there are', () => {
  const conversations = Array.from({ length: 1000 }, () => valueAt(a))
  const result = AccountSnapshotSchema.safeParse(withValue('/conversations', conversations))
  expect(result.error?.issues).toHaveLength(10)
})

import { parseSendRequest } from '@sendbox/schema'
import * as fc from 'fast-check'
import type { AgentActionInput } from '../../../src/accounts/agent-action.ts'
import { AgentActionSchema } from '../../../src/accounts/agent-action.ts'
import { actAsAgent } from '../../../src/agent/act-as-agent.ts'
import { toRelativePath } from '../../../src/files/file-urls.ts'
import { perform } from '../../../src/http/operations/send.ts'
import type { Services } from '../../../src/services.ts'
import { toLpConsumerId } from '../../../src/tokens/token-service.ts'

export const accountId = 'any'

/** A step in the life of an account, as plain data. */
type Happening =
  | {
      readonly kind: 'open'
      readonly who: number
      readonly request: Record<string, unknown>
      readonly features: readonly string[]
    }
  | { readonly kind: 'agent'; readonly which: number; readonly action: AgentActionInput }
  | {
      readonly kind: 'consumer'
      readonly which: number
      readonly dialog: number
      readonly event: object
      readonly isTagged: boolean
    }
  | { readonly kind: 'file'; readonly which: number; readonly isUploaded: boolean }
  | {
      readonly kind: 'fields'
      readonly which: number
      readonly dialog: number
      readonly fields: readonly object[]
    }
  | { readonly kind: 'profile'; readonly who: number; readonly firstName: string }
  | { readonly kind: 'settings'; readonly change: object }
  | { readonly kind: 'advance'; readonly ms: number }

const which = fc.nat(2)
const text = fc.string({ minLength: 1, maxLength: 6 })
const chatState = fc.constantFrom('ACTIVE', 'INACTIVE', 'GONE', 'COMPOSING', 'PAUSE')
const numbers = fc.array(fc.nat(9), { minLength: 1, maxLength: 3 })
const actor = fc.record({
  agentId: fc.constantFrom('agent-1', 'agent-2', 'agent-3'),
  role: fc.constantFrom('ASSIGNED_AGENT', 'MANAGER', 'AGENT'),
})
const acting = (shape: Readonly<Record<string, fc.Arbitrary<unknown>>>, weight: number) => ({
  weight,
  arbitrary: fc
    .tuple(
      actor,
      fc.record(shape, { requiredKeys: Object.keys(shape).filter(key => !optional.includes(key)) }),
    )
    .map(([who, action]) => ({ ...who, ...action })),
})
const optional = [
  'closedCause',
  'closeReason',
  'skillId',
  'toAgentId',
  'sequenceList',
  'messageAudience',
  'quickReplies',
]
const is = (action: string) => fc.constant(action)

const action = fc.oneof(
  acting(
    {
      action: is('say'),
      text,
      messageAudience: fc.constant('AGENTS_AND_MANAGERS'),
      quickReplies: fc.constant({ type: 'quickReplies' }),
    },
    4,
  ),
  acting({ action: is('join') }, 3),
  acting({ action: is('leave') }, 3),
  acting({ action: is('type'), chatState }, 5),
  acting({ action: fc.constantFrom('accept', 'read'), sequenceList: numbers }, 2),
  acting({ action: fc.constantFrom('sendFile', 'sendCard') }, 1),
  acting({ action: is('sendSecureForm'), formId: text, title: text, submit: fc.boolean() }, 1),
  acting(
    { action: is('sendExternalFile'), url: is('https://files.example/a'), fileType: is('PDF') },
    1,
  ),
  acting(
    {
      action: is('transfer'),
      skillId: fc.constantFrom('-1', '12', 'sales'),
      toAgentId: fc.constantFrom('agent-1', 'agent-2'),
    },
    2,
  ),
  acting({ action: fc.constantFrom('openCoBrowse', 'closeCoBrowse') }, 4),
  acting({ action: is('startSurvey') }, 1),
  acting(
    {
      action: is('close'),
      closedCause: text,
      closeReason: fc.constantFrom('CONSUMER', 'AGENT', 'TIMEOUT'),
    },
    1,
  ),
) as unknown as fc.Arbitrary<AgentActionInput>

const event = fc.oneof(
  {
    weight: 3,
    arbitrary: text.map(message => ({ type: 'ContentEvent', contentType: 'text/plain', message })),
  },
  { weight: 3, arbitrary: chatState.map(state => ({ type: 'ChatStateEvent', chatState: state })) },
  {
    weight: 1,
    arbitrary: numbers.map(sequenceList => ({
      type: 'AcceptStatusEvent',
      status: 'READ',
      sequenceList,
    })),
  },
  {
    weight: 1,
    arbitrary: text.map(title => ({
      type: 'RichContentEvent',
      content: { type: 'text', text: title },
    })),
  },
)

const field = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.constant({ field: 'ConversationStateField', conversationState: 'CLOSE' }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ closedCause: text }, { requiredKeys: [] }).map(cause => ({
      field: 'DialogChange',
      type: 'UPDATE',
      dialog: { state: 'CLOSE', ...cause },
    })),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      field: is('CSATRate'),
      csatRate: fc.integer({ min: 1, max: 5 }),
      csatResolutionConfirmation: fc.boolean(),
      status: is('FILLED'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      field: is('TTRField'),
      ttrType: fc.constantFrom('CUSTOM', 'NORMAL'),
      value: fc.nat(4000),
    }),
  },
)

const happening = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      kind: is('open'),
      who: which,
      request: fc.record(
        {
          skillId: fc.constantFrom('7', '-1'),
          ttrDefName: fc.constantFrom('NORMAL', 'URGENT'),
          channelType: is('MESSAGING'),
          campaignInfo: fc.constantFrom(
            { campaignId: '1', engagementId: '2' },
            { campaignId: 1, engagementId: 2 },
          ),
          conversationContext: fc.constantFrom({}, { type: 'SharkContext', lang: 'en-US' }),
        },
        { requiredKeys: [] },
      ),
      features: fc.subarray(['MULTI_DIALOG', 'AUTO_MESSAGES']),
    }),
  },
  { weight: 14, arbitrary: fc.record({ kind: is('agent'), which, action }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: is('consumer'),
      which,
      dialog: fc.nat(2),
      event,
      isTagged: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: is('file'), which, isUploaded: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: is('fields'),
      which,
      dialog: fc.nat(2),
      fields: fc.array(field, { minLength: 1, maxLength: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: is('profile'), who: which, firstName: text }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: is('settings'),
      change: fc.oneof(
        fc.record({ survey: fc.boolean() }),
        fc.constantFrom(
          { mode: 'strict' },
          { mode: 'as-service' },
          { autoMessages: { enabled: true } },
          { limits: { textLength: 3 } },
          { limits: { fileTypes: ['PDF'] } },
        ),
      ),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: is('advance'), ms: fc.constantFrom(1, 500, 20_000) }) },
) as unknown as fc.Arbitrary<Happening>

/** Histories of an account; some of what they ask for is refused, as it is of any caller. */
export const anyHistory = fc
  .array(happening, { maxLength: 40, size: 'max' })
  .map((more): Happening[] => [
    { kind: 'open', who: 0, request: { skillId: '7' }, features: ['MULTI_DIALOG'] },
    ...more,
  ])

const names = ['zoe', 'max', 'sendbox']

/** Performs a history. */
export async function live(history: readonly Happening[], services: Services): Promise<void> {
  const { store, conversations, clocks, files, random, settings } = services
  const pick = async (index: number) => {
    const records = await store.list(accountId)
    return records.toReversed()[index % (records.length || 1)]
  }
  const send = async (request: object, consumerId: string) => {
    const { mode, limits } = settings.of(accountId)
    const parsed = parseSendRequest({ kind: 'req', id: '1', ...request }, { mode, limits })
    const features = ['AUTO_MESSAGES']
    if (parsed.ok)
      await perform(parsed.request, {
        accountId,
        consumerId,
        features,
        minEvidence: 'assumed',
        services,
      })
  }
  for (const step of history) {
    if (step.kind === 'advance') await clocks.of(accountId).advance(step.ms)
    else if (step.kind === 'settings') settings.change(accountId, step.change)
    else if (step.kind === 'profile')
      await send(
        { type: 'userprofile.SetUserProfile', body: { firstName: step.firstName } },
        toLpConsumerId(accountId, names[step.who] ?? ''),
      )
    else if (step.kind === 'open') {
      const extConsumerId = names[step.who] ?? ''
      const consumerId = toLpConsumerId(accountId, extConsumerId)
      const conversationId = random.uuid(accountId)
      const { request, features } = step
      await conversations.run(
        { accountId, conversationId },
        { type: 'open', conversationId, consumerId, extConsumerId, request, features },
      )
    } else {
      const record = await pick(step.which)
      if (record === undefined) continue
      const { conversationId, consumerId, dialogs } = record.state
      const key = { accountId, conversationId }
      if (step.kind === 'agent') {
        await actAsAgent(AgentActionSchema.parse(step.action), key, services)
        continue
      }
      const dialogId =
        step.kind === 'file'
          ? conversationId
          : (dialogs[step.dialog % dialogs.length]?.dialogId ?? '')
      if (step.kind === 'consumer') {
        const metadata = step.isTagged ? { metadata: [{ type: 'ExternalId', id: 'x' }] } : {}
        await send(
          {
            type: 'ms.PublishEvent',
            body: { conversationId, dialogId, event: step.event },
            ...metadata,
          },
          consumerId,
        )
      } else if (step.kind === 'file') {
        const relativePath = toRelativePath({
          accountId,
          consumerId,
          uuid: random.uuid(accountId),
          fileType: 'PNG',
          now: clocks.now(accountId),
        })
        if (step.isUploaded) files.save(accountId, relativePath, Buffer.from('bytes'))
        const message = {
          relativePath: step.isUploaded ? relativePath : '/nowhere',
          fileType: 'PNG',
          caption: 'a',
        }
        await send(
          {
            type: 'ms.PublishEvent',
            body: {
              dialogId,
              event: { type: 'ContentEvent', contentType: 'hosted/file', message },
            },
          },
          consumerId,
        )
      } else {
        const conversationField = step.fields.map(one =>
          'dialog' in one ? { ...one, dialog: { dialogId, ...(one.dialog as object) } } : one,
        )
        await send(
          { type: 'cm.UpdateConversationField', body: { conversationId, conversationField } },
          consumerId,
        )
      }
    }
  }
}

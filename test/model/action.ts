import * as fc from 'fast-check'
import type { RestartWay } from './system.ts'

/** The fault of a call that is found before its body is read; `good` for none. Rule: AUTH-11. */
export type Access =
  | 'good'
  | 'noAppJwt'
  | 'badAppJwt'
  | 'foreignAppJwt'
  | 'noConsumerJws'
  | 'badConsumerJws'
  | 'foreignConsumerJws'
  | 'version'

/** Which dialog a publish names; `elsewhere` is that of another conversation. */
type DialogChoice = 'main' | 'survey' | 'elsewhere' | 'unknown'

export type EventChoice =
  | { readonly type: 'text'; readonly text: string; readonly isTagged: boolean }
  | { readonly type: 'card'; readonly text: string }
  | { readonly type: 'file'; readonly file: number }
  | { readonly type: 'chatState'; readonly chatState: string }
  | { readonly type: 'receipt'; readonly status: string; readonly numbers: readonly number[] }

export type FieldChoice =
  | { readonly field: 'ConversationStateField' | 'Stage' }
  | { readonly field: 'DialogChange'; readonly dialog: DialogChoice }
  | { readonly field: 'CSATRate'; readonly csatRate: number }
  | { readonly field: 'TTRField'; readonly value: number }

const agentActs = ['join', 'say', 'type', 'accept', 'read', 'close', 'startSurvey'] as const

const faultEndings = [
  'status',
  'reset',
  'truncate',
  'malformed',
  'loseAnswer',
  'applyTwice',
] as const

/** How a call goes wrong; `none` for not at all. */
export type Ending = 'none' | (typeof faultEndings)[number]

interface ByConsumer {
  /** One of three consumers. */
  readonly who: number
  readonly access: Access
  /** Counts through the conversations; one more than there are means none of them. */
  readonly conversation: number
}

/** One step of a run: plain data, so that the same seed gives the same steps. */
export type Action =
  | (Omit<ByConsumer, 'conversation'> & {
      readonly kind: 'open'
      readonly hasSkill: boolean
      readonly features: readonly string[]
      readonly ttr: 'NORMAL' | 'URGENT' | 'PRIORITIZED' | undefined
      readonly firstText: string | undefined
    })
  | (ByConsumer & {
      readonly kind: 'publish'
      readonly dialog: DialogChoice
      readonly namesConversation: boolean
      readonly event: EventChoice
      readonly features: readonly string[]
      readonly ending: Ending
    })
  | (ByConsumer & { readonly kind: 'update'; readonly fields: readonly FieldChoice[] })
  | (Omit<ByConsumer, 'conversation'> & { readonly kind: 'profile' })
  | {
      readonly kind: 'agent'
      readonly conversation: number
      readonly agent: number
      readonly act: (typeof agentActs)[number]
      readonly numbers: readonly number[] | undefined
    }
  | { readonly kind: 'appJwt' }
  | { readonly kind: 'consumerJws'; readonly who: number }
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'uploadUrl'; readonly who: number }
  | { readonly kind: 'upload' | 'download'; readonly file: number; readonly isForged: boolean }
  | { readonly kind: 'reset' }
  | { readonly kind: 'restart'; readonly way: RestartWay }

const who = fc.nat(2)
const conversation = fc.nat(3)
const text = fc.string({ minLength: 1, maxLength: 12 })
const usually = <T>(value: T, others: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: others })
const access: fc.Arbitrary<Access> = usually<Access>(
  'good',
  fc.constantFrom(
    'noAppJwt',
    'badAppJwt',
    'foreignAppJwt',
    'noConsumerJws',
    'badConsumerJws',
    'foreignConsumerJws',
    'version',
  ),
)
const dialog: fc.Arbitrary<DialogChoice> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<DialogChoice>('main') },
  { weight: 3, arbitrary: fc.constant<DialogChoice>('survey') },
  { weight: 1, arbitrary: fc.constantFrom<DialogChoice[]>('elsewhere', 'unknown') },
)
const numbers = fc.array(fc.nat(6), { minLength: 1, maxLength: 3 })
const chatState = fc.constantFrom('ACTIVE', 'INACTIVE', 'GONE', 'COMPOSING', 'PAUSE')
const status = fc.constantFrom('ACCEPT', 'READ', 'ACCESS', 'NACK', 'ACTION')

const event: fc.Arbitrary<EventChoice> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('text'), text, isTagged: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('card'), text }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('file'), file: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('chatState'), chatState }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('receipt'), status, numbers }) },
) as fc.Arbitrary<EventChoice>

const field = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({ field: fc.constantFrom('ConversationStateField', 'Stage') }),
  },
  { weight: 3, arbitrary: fc.record({ field: fc.constant('DialogChange'), dialog }) },
  {
    weight: 3,
    arbitrary: fc.record({
      field: fc.constant('CSATRate'),
      csatRate: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ field: fc.constant('TTRField'), value: fc.nat(9999) }) },
) as fc.Arbitrary<FieldChoice>

const act = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('join', 'say', 'type', 'accept', 'read') },
  { weight: 1, arbitrary: fc.constantFrom('close', 'startSurvey') },
)

const kind = <Kind extends string>(name: Kind) => fc.constant(name)

/** Steps of all kinds, the frequent ones of a connector most often. */
export const anyAction = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kind('open'),
      who,
      access,
      hasSkill: fc.boolean(),
      features: fc.subarray(['MULTI_DIALOG', 'AUTO_MESSAGES']),
      ttr: fc.option(fc.constantFrom('NORMAL', 'URGENT', 'PRIORITIZED'), { nil: undefined }),
      firstText: fc.option(text, { nil: undefined }),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: kind('publish'),
      who,
      access,
      conversation,
      dialog,
      namesConversation: fc.boolean(),
      event,
      features: fc.subarray(['AUTO_MESSAGES']),
      ending: usually<Ending>('none', fc.constantFrom(...faultEndings)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('update'),
      who,
      access,
      conversation,
      fields: fc.array(field, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: kind('agent'),
      conversation,
      agent: fc.nat(1),
      act,
      numbers: fc.option(numbers, { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('profile'), who, access }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('appJwt') }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('consumerJws'), who }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind('advance'),
      ms: fc.constantFrom(1, 999, 9_999, 10_001, 59_999, 60_000, 1_800_000, 3_600_000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('uploadUrl'), who }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('upload', 'download'),
      file: fc.nat(2),
      isForged: usually(false, fc.constant(true)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('reset') }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: kind('restart'), way: fc.constantFrom('stop', 'crash') }),
  },
) as fc.Arbitrary<Action>

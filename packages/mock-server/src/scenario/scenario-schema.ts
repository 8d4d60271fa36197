import { boundedArray, ParticipantRoleSchema } from '@sendbox/schema'
import { z } from 'zod'
import { TimeSchema } from '../accounts/account-clock.ts'
import { SettingsChangeSchema } from '../accounts/account-settings.ts'
import { AgentActionSchema } from '../accounts/agent-action.ts'
import { BotScriptSchema } from '../accounts/bot-script.ts'
import { FaultSchema } from '../faults/call-fault.ts'
import { maxFaults } from '../faults/registry.ts'
import { WebhookFaultSchema } from '../faults/webhook-fault.ts'
import { maxSequence } from '../store/conversation-contradictions.ts'
import { DialogTypeSchema } from '../store/conversation-schemas.ts'

/** A time: ms since the epoch, or a text of ISO 8601 with its offset from UTC. */
const MomentSchema = z.union([TimeSchema, z.iso.datetime({ offset: true })])

/** A time in ms since the epoch. */
export const toMs = (moment: z.output<typeof MomentSchema>): number =>
  typeof moment === 'number' ? moment : Date.parse(moment)

const eventShape = {
  at: MomentSchema.exactOptional().describe(
    "When it happens: not before the event before, and not after the clock's time. Default: with the event before",
  ),
  afterMs: z.int().min(0).exactOptional().describe('The same, in ms after the event before.'),
  settings: SettingsChangeSchema.exactOptional().describe(
    "The account's settings at that time, over those of the scenario: whether a survey follows, the mode, the limits.",
  ),
}

const agentShape = {
  from: z.literal('agent'),
  ...eventShape,
  role: ParticipantRoleSchema.exclude(['CONSUMER'])
    .exactOptional()
    .describe("Default: 'ASSIGNED_AGENT'"),
}

const [join, leave, say, type, sendFile, sendCard, sendForm, sendExternal, ...others] =
  AgentActionSchema.options
const [accept, read, transfer, close, startSurvey, openCoBrowse, closeCoBrowse] = others

/** An event of the agent: an action of `POST …/agent`. `raw` is none, as it only sends a webhook. */
const AgentEventSchema = z.discriminatedUnion('action', [
  join.extend(agentShape),
  leave.extend(agentShape),
  say.extend(agentShape),
  type.extend(agentShape),
  sendFile.extend(agentShape),
  sendCard.extend(agentShape),
  sendForm.extend(agentShape),
  sendExternal.extend(agentShape),
  accept.extend(agentShape),
  read.extend(agentShape),
  transfer.extend(agentShape),
  close.extend(agentShape),
  startSurvey.extend(agentShape),
  openCoBrowse.extend(agentShape),
  closeCoBrowse.extend(agentShape),
])

const consumerShape = { from: z.literal('consumer'), ...eventShape }

/** A dialog by its type, as a scenario has no ids; of several the last one. @default the open one */
const dialogId = DialogTypeSchema.exactOptional()

/**
 * An event of the consumer: a body of SEND, without the ids. `base64` has the bytes of a `hosted/file`, which are uploaded first. A message of
 * `forms/secure-submission` submits the form of the last invitation with this `formId`.
 */
const ConsumerEventSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...consumerShape,
    type: z.literal('ms.PublishEvent'),
    body: z.strictObject({ dialogId, event: z.looseObject({ type: z.string() }) }),
    metadata: boundedArray(z.looseObject({})).exactOptional(),
    base64: z.base64().exactOptional(),
  }),
  z.strictObject({
    ...consumerShape,
    type: z.literal('cm.UpdateConversationField'),
    body: z.strictObject({
      conversationField: boundedArray(z.looseObject({ field: z.string() }))
        .min(1)
        .describe('A `DialogChange` names its dialog by its type.'),
    }),
  }),
  z.strictObject({
    ...consumerShape,
    type: z.literal('userprofile.SetUserProfile'),
    body: z.looseObject({}),
  }),
])
export type ConsumerEvent = z.output<typeof ConsumerEventSchema>

const ScenarioEventSchema = z.discriminatedUnion('from', [AgentEventSchema, ConsumerEventSchema])
export type ScenarioEvent = z.output<typeof ScenarioEventSchema>

const count = z.int().min(0).max(maxSequence).exactOptional()

const ScenarioConversationSchema = z.strictObject({
  consumer: z.string().min(1).describe('The `ext_consumer_id`.'),
  at: MomentSchema.exactOptional().describe(
    "When it opens. Default: so that its last event is at the clock's time, or that of the next event with a time",
  ),
  open: z
    .looseObject({})
    .exactOptional()
    .describe('The body of `cm.ConsumerRequestConversation`. Default: {}'),
  features: boundedArray(z.string())
    .exactOptional()
    .describe("The features that the consumer's client named. Rule: REQ-6. Default: []"),
  settings: SettingsChangeSchema.exactOptional().describe(
    "The account's settings when it opens, over those of the scenario.",
  ),
  profile: z
    .looseObject({})
    .exactOptional()
    .describe('The body of `userprofile.SetUserProfile`. Default: no profile is set'),
  dropped: z
    .strictObject({
      MAIN: count,
      POST_SURVEY: count,
      hasMessage: z
        .boolean()
        .exactOptional()
        .describe('Whether a message of the consumer was among them. Default: true'),
      awaitingAgentSince: MomentSchema.nullable()
        .exactOptional()
        .describe(
          'Since when the consumer waits for an answer; `null` for not at all. Rule: WH-8. Default: since the conversation opened',
        ),
    })
    .exactOptional()
    .describe(
      'How many entries were evicted from the transcripts before these events, by the type of their dialog. Default: none',
    ),
  events: boundedArray(ScenarioEventSchema),
})
export type ScenarioConversation = z.output<typeof ScenarioConversationSchema>

/** The state that an account is to have, or has: one file without ids, tokens and secrets. */
export const ScenarioSchema = z.strictObject({
  $schema: z.string().exactOptional().describe('Where the JSON Schema is, for editors.'),
  accountId: z
    .string()
    .min(1)
    .exactOptional()
    .describe(
      "The account that `sendbox start --scenario` loads it into; a PUT accepts its own only. Default: '12345678'",
    ),
  settings: SettingsChangeSchema.exactOptional().describe(
    'The changed settings of the account, as `PUT …/settings` takes them.',
  ),
  clock: z
    .strictObject({ now: MomentSchema, frozen: z.boolean().default(false) })
    .exactOptional()
    .describe("The account's clock after the last event. Default: the wall time, running"),
  conversations: boundedArray(ScenarioConversationSchema).default([]),
  faults: z
    .strictObject({
      calls: boundedArray(FaultSchema).max(maxFaults).exactOptional(),
      webhooks: boundedArray(WebhookFaultSchema).max(maxFaults).exactOptional(),
    })
    .exactOptional()
    .describe('The faults to be added.'),
  bot: BotScriptSchema.exactOptional().describe(
    'The script of the bot, which answers from then on.',
  ),
})
export type Scenario = z.output<typeof ScenarioSchema>
/** A scenario as a user writes it; defaults may be omitted. */
export type ScenarioInput = z.input<typeof ScenarioSchema>

import { setImmediate } from 'node:timers/promises'
import { errorCatalogue } from '@sendbox/schema'
import type { SettingsChange } from '../accounts/account-settings.ts'
import { toErrorBody } from '../http/response.ts'
import type { ConversationState } from '../model/conversation-state.ts'
import type { Settings } from '../settings.ts'
import type { ConversationKey } from '../store/state-store.ts'
import { toLpConsumerId } from '../tokens/token-service.ts'
import { performEvent, type Seedbed, type Verdict } from './perform-event.ts'
import {
  type PreparedEvent,
  type PreparedOpening,
  prepareEvent,
  prepareOpening,
} from './prepare-event.ts'
import { createScenarioProblem, type ScenarioPath, type ScenarioProblem } from './problem.ts'
import { type ScenarioConversation, toMs } from './scenario-schema.ts'
import { toTimeline } from './timeline.ts'

/** Runs a step with the settings of its time, where they are not those of the scenario. */
async function withSettings<Outcome>(
  { settings, accountId, changes }: Seedbed,
  own: SettingsChange | undefined,
  step: (settings: Settings) => Outcome,
): Promise<Awaited<Outcome>> {
  if (own === undefined) return await step(settings.of(accountId))
  try {
    return await step(settings.change(accountId, own))
  } finally {
    settings.document.restore(accountId, changes)
  }
}

/** Events after which other work of the process gets its turn. */
const eventsPerTurn = 500

const letOthersWork = async (index: number): Promise<void> => {
  if (index % eventsPerTurn === eventsPerTurn - 1) await setImmediate()
}

/** An opening with its events, all of them checked, or the problems. */
async function prepare(conversation: ScenarioConversation, path: ScenarioPath, seedbed: Seedbed) {
  const { accountId } = seedbed
  const timeline = toTimeline(conversation, path, seedbed.now)
  const opening = await withSettings(seedbed, conversation.settings, ({ mode }) =>
    prepareOpening(conversation, path, { accountId, mode }),
  )
  const problems = [...timeline.problems, ...(opening.ok ? [] : opening.refusal)]
  const events: PreparedEvent[] = []
  for (const [index, event] of conversation.events.entries()) {
    const prepared = await withSettings(seedbed, event.settings, settings =>
      prepareEvent(event, [...path, 'events', index], settings),
    )
    if (prepared.ok) events.push(prepared.value)
    else problems.push(...prepared.refusal)
    await letOthersWork(index)
  }
  return { timeline, opening, events, problems }
}

/** Changes a conversation by what its evicted entries have left behind; returns its state then. */
async function recall(
  key: ConversationKey,
  { store }: Seedbed,
  toState: (state: ConversationState) => ConversationState,
): Promise<ConversationState | undefined> {
  const change = await store.transact(key, state => ({
    state: state && toState(state),
    reply: { ok: true, body: {}, rules: [] },
    events: [],
    deliveries: [],
  }))
  return change.state
}

/** Counts entries that were evicted before the first one of a dialog. Rule: SEQ-1. */
const startAt =
  (nextSequence: number, dialogType: 'MAIN' | 'POST_SURVEY') =>
  (state: ConversationState): ConversationState => ({
    ...state,
    dialogs: state.dialogs.map(dialog =>
      dialog.dialogType === dialogType ? { ...dialog, nextSequence } : dialog,
    ),
  })

function toProblem(
  refused: Extract<Verdict, { ok: false }> | undefined,
  path: ScenarioPath,
): ScenarioProblem {
  if (refused === undefined)
    return createScenarioProblem(path, 'an invitation to this form before it', undefined)
  const { errorCode, params, rules = [] } = refused
  const expected = `an event that its conversation accepts then, not one that is refused with ${errorCode} ${toErrorBody({ errorCode, params }).details}`
  const problem = createScenarioProblem(path, expected, undefined)
  const rule = [...rules, ...errorCatalogue[errorCode].rules][0]
  const message = `${path.map(part => `/${part}`).join('')}: expected ${expected}`
  return { ...problem, message, ...(rule !== undefined && { rule }) }
}

async function open(
  { profile, request }: PreparedOpening,
  conversation: ScenarioConversation,
  key: ConversationKey,
  seedbed: Seedbed,
): Promise<void> {
  const { consumer, features = [], dropped } = conversation
  const { accountId } = key
  const consumerId = toLpConsumerId(accountId, consumer)
  await seedbed.conversations.run(key, {
    type: 'open',
    conversationId: key.conversationId,
    consumerId,
    extConsumerId: consumer,
    appInstallId: seedbed.clientId,
    request,
    features,
  })
  if (conversation.profile) await seedbed.store.saveProfile({ accountId, consumerId }, profile)
  if (dropped === undefined) return
  const { MAIN = 0, hasMessage = true, awaitingAgentSince: since } = dropped
  await recall(key, seedbed, state => ({
    ...startAt(MAIN, 'MAIN')(state),
    hasMessage,
    ...(since !== undefined && { awaitingAgentSince: since === null ? null : toMs(since) }),
  }))
}

const hasSurvey = async (key: ConversationKey, { store }: Seedbed): Promise<boolean> =>
  (await store.load(key))?.state.dialogs.some(({ dialogType }) => dialogType === 'POST_SURVEY') ??
  false

/** Opens a conversation, and lets its events happen at their times; resolves with the problems that refuse it. */
export async function seedConversation(
  conversation: ScenarioConversation,
  path: ScenarioPath,
  seedbed: Seedbed,
): Promise<readonly ScenarioProblem[]> {
  const { timeline, opening, events, problems } = await prepare(conversation, path, seedbed)
  if (!opening.ok || problems.length > 0) return problems
  const { accountId, random } = seedbed
  const key = { accountId, conversationId: random.uuid(accountId) }
  const clock = seedbed.clocks.of(accountId)
  clock.restore({ offsetMs: 0, frozenAt: timeline.openedAt })
  await open(opening.value, conversation, key, seedbed)
  let surveyCount = conversation.dropped?.POST_SURVEY ?? 0
  for (const [index, event] of events.entries()) {
    clock.restore({ offsetMs: 0, frozenAt: timeline.times[index] ?? timeline.openedAt })
    const own = conversation.events[index]?.settings
    const reply = await withSettings(seedbed, own, () => performEvent(event, key, seedbed))
    if (!reply?.ok) return [toProblem(reply, [...path, 'events', index])]
    if (surveyCount > 0 && (await hasSurvey(key, seedbed))) {
      await recall(key, seedbed, startAt(surveyCount, 'POST_SURVEY'))
      surveyCount = 0
    }
    await letOthersWork(index)
  }
  return surveyCount > 0
    ? [
        createScenarioProblem(
          [...path, 'dropped', 'POST_SURVEY'],
          'nothing without a survey',
          surveyCount,
        ),
      ]
    : []
}

import type { Services } from '../services.ts'
import { type Scenario, type ScenarioInput, ScenarioSchema } from './scenario-schema.ts'
import { writeConversation } from './write-conversation.ts'

export { UnwritableError } from './event-writer.ts'

/** The part of a fault's view that says what is left of it. */
interface FaultLeft {
  readonly faultId: string
  readonly match: { readonly nth?: number; readonly conversationId?: string }
  readonly times?: number
  readonly matched: number
  readonly acted: number
  readonly remaining: number | null
}

/** The faults that still act, as they act from now on; those of one conversation go with its id. */
const writeFaults = <View extends FaultLeft>(views: readonly View[]) =>
  views.flatMap(({ faultId: _id, matched, acted: _acted, remaining, times, match, ...fault }) => {
    const { nth, conversationId } = match
    if (remaining === 0 || conversationId !== undefined) return []
    const left = nth === undefined && remaining !== null ? remaining : times
    return {
      ...fault,
      match: nth === undefined ? match : { ...match, nth: nth - matched },
      ...(left !== undefined && { times: left }),
    }
  })

async function writeConversations(accountId: string, { store, files, settings }: Services) {
  const profiles = new Map(await store.listProfiles(accountId))
  const records = await store.list(accountId)
  return records.map(record => {
    const { consumerId } = record.state
    const profile = profiles.get(consumerId)
    profiles.delete(consumerId)
    return writeConversation(record, {
      accountId,
      files,
      settings: settings.of(accountId),
      profile,
    })
  })
}

/**
 * Writes down what an account is, as a scenario that leads to it: without ids, tokens and secrets. Left out are the app install, webhooks on
 * their way, the journal, profiles of consumers without a conversation, and files that no message names. Rejects with an
 * `UnwritableError` for a conversation that no scenario leads to.
 */
export async function writeScenario(accountId: string, services: Services): Promise<Scenario> {
  const { settings, bots, faults, webhooks, clocks } = services
  const changes = settings.changesOf(accountId)
  const bot = bots.of(accountId)
  const calls = writeFaults(faults.peek(accountId).list())
  const ofWebhooks = writeFaults(webhooks.peek(accountId).faults.list())
  const frozen = clocks.snapshot(accountId).clock.frozenAt !== null
  const written = {
    ...(Object.keys(changes).length > 0 && { settings: changes }),
    clock: { now: clocks.now(accountId), frozen },
    conversations: await writeConversations(accountId, services),
    ...(calls.length + ofWebhooks.length > 0 && {
      faults: {
        ...(calls.length > 0 && { calls }),
        ...(ofWebhooks.length > 0 && { webhooks: ofWebhooks }),
      },
    }),
    ...(bot && { bot }),
  }
  return ScenarioSchema.parse(written satisfies ScenarioInput)
}

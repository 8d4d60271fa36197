import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { toAccount } from '../../../src/app/account.ts'
import { createService } from '../../../src/app/create-app.ts'
import type { Services } from '../../../src/services.ts'
import { toConversationView } from '../../../src/store/conversation-view.ts'
import type { ConversationRecord } from '../../../src/store/state-store.ts'
import { accountId, anyHistory, live } from './any-history.ts'

const startMs = 1_700_000_000_000

const idNames = ['conversationId', 'dialogId', 'invitationId', 'submissionId', 'links', 'file']

/** A copy whose ids say only that they are some. */
const withoutIds = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, inner: unknown) => {
    if (idNames.includes(key)) return 'an id'
    return key === 'relativePath' && inner !== '/nowhere' ? 'a path' : inner
  }) as unknown

/** The state that no view has, but for when fields last changed. */
const toState = ({ state }: ConversationRecord) => {
  const { metaDataLastUpdateTs: _, appInstallId: __, dialogs, ...more } = state
  return {
    ...more,
    dialogs: dialogs.map(({ metaDataLastUpdateTs: ___, chatStates: ____, ...dialog }) => dialog),
  }
}

/** All that an account shows, but for its ids. */
async function showAll({ store, settings, bots, clocks }: Services): Promise<unknown> {
  const records = await store.list(accountId)
  const profiles = [...(await store.listProfiles(accountId))]
  return withoutIds({
    views: records.map(record => toConversationView(record, accountId)),
    states: records.map(toState),
    profiles: Object.fromEntries(
      profiles.filter(([id]) => records.some(({ state }) => state.consumerId === id)),
    ),
    settings: settings.of(accountId),
    bot: bots.of(accountId),
    clock: { now: clocks.now(accountId), frozen: clocks.of(accountId).frozen },
  })
}

test('a scenario that was written down leads to the account that it was written of, ids aside', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(anyHistory, fc.constantFrom(4, null), async (history, transcriptEntries) => {
      const services = createService({ now: () => startMs, settings: { transcriptEntries } })
      services.clocks.of(accountId).freeze()
      const account = toAccount(accountId, services)
      await live(history, services)
      const before = await showAll(services)
      const scenario = await account.scenario()
      await account.loadScenario(scenario)
      expect(await showAll(services)).toEqual(before)
      expect(await account.scenario()).toEqual(scenario)
    }),
    { numRuns: 300 },
  )
})

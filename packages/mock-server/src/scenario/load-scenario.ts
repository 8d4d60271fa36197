import { AccountSettings } from '../accounts/account-settings.ts'
import { Clocks } from '../accounts/clocks.ts'
import type { RandomSource } from '../accounts/random-source.ts'
import { FileStore } from '../files/file-store.ts'
import { restoreAccount } from '../lifecycle/snapshot.ts'
import { type AccountSnapshot, snapshotVersion } from '../lifecycle/snapshot-schema.ts'
import { redactProblem } from '../redact/secrets.ts'
import type { Services } from '../services.ts'
import { Conversations } from '../store/conversations.ts'
import { MemoryStateStore } from '../store/memory-state-store.ts'
import { Updates } from '../updates.ts'
import type { Seedbed } from './perform-event.ts'
import { createScenarioProblem, type ScenarioProblem } from './problem.ts'
import { type Scenario, toMs } from './scenario-schema.ts'
import { seedConversation } from './seed-conversation.ts'

/** Maximum number of problems that are reported. */
const maxProblems = 100

/** Creates an account apart, whose conversations nobody hears of: no webhook, no bot, no event. */
function createSeedbed(
  { settings, clock }: Scenario,
  accountId: string,
  services: Services,
): Seedbed & { readonly random: RandomSource; readonly store: MemoryStateStore } {
  const { installs } = services
  const random = services.random.fresh()
  const clocks = new Clocks(services.clocks.wallTime)
  const accountSettings = new AccountSettings(services.settings.atStart)
  accountSettings.document.restore(accountId, settings)
  const store = new MemoryStateStore(
    services.settings.atStart.transcriptEntries ?? Number.POSITIVE_INFINITY,
  )
  const files = new FileStore()
  const conversations = new Conversations({
    store,
    updates: new Updates(),
    settings: accountSettings,
    clocks,
    random,
    files,
    installs,
    createDeliveries: () => [],
  })
  return {
    accountId,
    settings: accountSettings,
    clientId: installs.declaredOf(accountId).clientId,
    changes: settings ?? {},
    now: clock ? toMs(clock.now) : services.clocks.wallTime(),
    conversations,
    store,
    files,
    clocks,
    random,
  }
}

/** The conversations of a seedbed, with the entries that were evicted before the scenario. */
async function toState(
  { store, accountId }: Seedbed,
  { conversations }: Scenario,
): Promise<Pick<AccountSnapshot, 'conversations' | 'profiles'>> {
  const state = await store.snapshot(accountId)
  return {
    profiles: state.profiles,
    conversations: state.conversations.map((conversation, index) => {
      const { MAIN = 0, POST_SURVEY = 0 } = conversations[index]?.dropped ?? {}
      return { ...conversation, dropped: conversation.dropped + MAIN + POST_SURVEY }
    }),
  }
}

/** The state of an account that a scenario leads to, or the problems that refuse it; the account itself stays as it is. */
async function build(
  scenario: Scenario,
  accountId: string,
  services: Services,
): Promise<AccountSnapshot | readonly ScenarioProblem[]> {
  const seedbed = createSeedbed(scenario, accountId, services)
  const problems: ScenarioProblem[] = []
  for (const [index, conversation] of scenario.conversations.entries()) {
    if (problems.length >= maxProblems) break
    problems.push(...(await seedConversation(conversation, ['conversations', index], seedbed)))
  }
  if (problems.length > 0) return problems.slice(0, maxProblems)
  const { bot, settings, clock } = scenario
  return {
    format: 'sendbox-snapshot',
    version: snapshotVersion,
    accountId,
    ...(await toState(seedbed, scenario)),
    ...seedbed.files.snapshot(accountId),
    clock: clock?.frozen
      ? { offsetMs: 0, frozenAt: seedbed.now }
      : { offsetMs: clock ? seedbed.now - services.clocks.wallTime() : 0, frozenAt: null },
    ...(bot && { bot }),
    ...(settings && { settings }),
    ...seedbed.random.snapshot(accountId),
    webhooks: { lastNumber: 0, installs: [] },
  }
}

/** The parts of an account that no snapshot has, and its ids where they are random. */
const otherParts = ['journals', 'faults', 'rateLimit', 'webhooks'] as const

/**
 * Checks all of a parsed scenario, then resets the account and loads it, all of it or nothing: no webhook is sent, and no bot answers, for what it
 * seeds. Resolves with the problems that refuse it; the account then is as it was, as it is if the data folder cannot be written to, for
 * which it rejects.
 */
export async function loadScenario(
  scenario: Scenario,
  accountId: string,
  services: Services,
): Promise<readonly ScenarioProblem[]> {
  if (scenario.accountId !== undefined && scenario.accountId !== accountId)
    return [createScenarioProblem(['accountId'], `${accountId}, or none`, scenario.accountId)]
  const built = await build(scenario, accountId, services)
  const secrets = services.installs.secretsOf(accountId)
  if (!('format' in built)) return built.map(problem => redactProblem(problem, secrets))
  await restoreAccount(services, built)
  for (const name of otherParts) services[name].reset(accountId)
  if (built.random === undefined) services.random.reset(accountId)
  const { calls = [], webhooks = [] } = scenario.faults ?? {}
  for (const fault of calls) services.faults.of(accountId).add(fault)
  for (const fault of webhooks) services.webhooks.of(accountId).faults.add(fault)
  await services.flush?.(accountId)
  return []
}

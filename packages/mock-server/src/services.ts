import type { AccountPart, PartName } from './accounts/account-part.ts'
import type { AccountSettings } from './accounts/account-settings.ts'
import type { AppInstalls } from './accounts/app-installs.ts'
import type { Clocks } from './accounts/clocks.ts'
import type { RandomSource } from './accounts/random-source.ts'
import type { RateLimit } from './accounts/rate-limit.ts'
import type { Bots } from './agent/bots.ts'
import type { Events } from './events/events.ts'
import type { Faults } from './faults/faults.ts'
import type { FileStore } from './files/file-store.ts'
import type { Journals } from './journal/journal.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'
import type { Conversations } from './store/conversations.ts'
import type { StateStore } from './store/state-store.ts'
import type { TokenService } from './tokens/token-service.ts'
import type { Updates } from './updates.ts'
import type { Webhooks } from './webhooks/webhooks.ts'

/** The account of examples and of tests that name none. */
export const exampleAccountId = '12345678'

/** The `ext_consumer_id` of the consumer of examples. */
export const exampleConsumerId = 'example-consumer'

/** The parts of every account's state; see {@link AccountPart}. */
export interface AccountParts extends Readonly<Record<PartName, AccountPart>> {
  readonly store: StateStore
  readonly files: FileStore
  readonly clocks: Clocks
  readonly installs: AppInstalls
  readonly bots: Bots
  readonly settings: AccountSettings
  readonly random: RandomSource
  readonly rateLimit: RateLimit
  readonly faults: Faults
  readonly journals: Journals
  readonly webhooks: Webhooks
}

/** All that the routes work on. */
export interface Services extends AccountParts {
  readonly tokens: TokenService
  readonly events: Events
  readonly metrics: Metrics
  /** Whether the mock still takes calls. */
  readonly readiness: { isClosing: boolean }
  /** The URL under which the mock reaches itself, once it listens; a mock that is mounted in another server has none. */
  readonly listening: { origin?: string }
  readonly log: Logger
  readonly conversations: Conversations
  readonly updates: Updates
  /** Writes the unflushed changes of an account, or of all; returns `undefined` where there is nothing to wait for. Absent without a data folder. */
  readonly flush: ((accountId?: string) => Promise<void> | undefined) | undefined
}

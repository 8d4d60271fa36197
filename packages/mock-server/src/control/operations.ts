import type { ControlOperation } from './operation.ts'
import { listAccountsOperation, resetAccountOperation, resetEverything } from './routes/accounts.ts'
import { changeProviderState, getBot, putBot, resetBot } from './routes/agents.ts'
import { getAppInstall, putAppInstall } from './routes/app-install.ts'
import { putClock } from './routes/clock.ts'
import { actAsAgentOperation, getConversation, listConversations } from './routes/conversations.ts'
import { callFaultOperations, webhookFaultOperations } from './routes/faults.ts'
import { getProfile, listProfiles } from './routes/profiles.ts'
import { clearRequests, listRequests, verifyRequests, waitForRequests } from './routes/requests.ts'
import { getSnapshot, putSnapshot } from './routes/snapshot.ts'
import {
  getHealth,
  getJwks,
  getMetrics,
  getReady,
  toIndexOperation,
  toOpenApiOperation,
} from './routes/status.ts'
import { signTokens } from './routes/tokens.ts'
import { listDeliveries, redeliver, waitForDeliveriesOperation } from './routes/webhooks.ts'

/** Everything that production does not have. */
export const controlOperations: readonly ControlOperation[] = [
  toIndexOperation(() => controlOperations),
  toOpenApiOperation(() => controlOperations),
  getHealth,
  getReady,
  getMetrics,
  getJwks,
  listAccountsOperation,
  resetEverything,
  changeProviderState,
  resetAccountOperation,
  getSnapshot,
  putSnapshot,
  signTokens,
  listConversations,
  getConversation,
  actAsAgentOperation,
  listProfiles,
  getProfile,
  putClock,
  getAppInstall,
  putAppInstall,
  listRequests,
  clearRequests,
  waitForRequests,
  verifyRequests,
  ...callFaultOperations,
  listDeliveries,
  waitForDeliveriesOperation,
  redeliver,
  ...webhookFaultOperations,
  getBot,
  putBot,
  resetBot,
]

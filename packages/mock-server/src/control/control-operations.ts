import { listAccounts } from './accounts.ts'
import { getAppInstall, putAppInstall } from './app-install.ts'
import { getBot, putBot, resetBot } from './bot.ts'
import { putClock } from './clock.ts'
import type { ControlOperation } from './control-operation.ts'
import { actAsAgentOperation, getConversation, listConversations } from './conversations.ts'
import { addFault, clearFaults, getFault, listFaults, removeFault } from './faults.ts'
import { getHealth } from './health.ts'
import { getJwks } from './jwks.ts'
import { getMetrics } from './metrics.ts'
import { toIndexOperation, toOpenApiOperation } from './openapi.ts'
import { getProfile, listProfiles } from './profiles.ts'
import { changeProviderState } from './provider-states.ts'
import { getReady } from './ready.ts'
import { clearRequests, listRequests, verifyRequests, waitForRequests } from './requests.ts'
import { resetAccountOperation, resetEverything } from './reset.ts'
import { getSnapshot, putSnapshot } from './snapshot.ts'
import { signTokens } from './tokens.ts'
import {
  addWebhookFault,
  clearWebhookFaults,
  getWebhookFault,
  listWebhookFaults,
  removeWebhookFault,
} from './webhook-faults.ts'
import { listDeliveries, redeliver, waitForDeliveriesOperation } from './webhooks.ts'

/** Everything that production does not have. */
export const controlOperations: readonly ControlOperation[] = [
  toIndexOperation(() => controlOperations),
  toOpenApiOperation(() => controlOperations),
  getHealth,
  getReady,
  getMetrics,
  getJwks,
  listAccounts,
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
  addFault,
  listFaults,
  getFault,
  removeFault,
  clearFaults,
  listDeliveries,
  waitForDeliveriesOperation,
  redeliver,
  addWebhookFault,
  listWebhookFaults,
  getWebhookFault,
  removeWebhookFault,
  clearWebhookFaults,
  getBot,
  putBot,
  resetBot,
]

import type { ControlOperation, TypedOperation } from './operation.ts'
import { listAccountsOperation, resetAccountOperation, resetEverything } from './routes/accounts.ts'
import { changeProviderState, getBot, putBot, resetBot } from './routes/agents.ts'
import { getAppInstall, putAppInstall } from './routes/app-install.ts'
import { getClock, putClock } from './routes/clock.ts'
import {
  actAsAgentOperation,
  getConversation,
  listConversations,
  openConversation,
} from './routes/conversations.ts'
import { streamAccountEvents, streamEvents } from './routes/events.ts'
import { callFaultOperations, webhookFaultOperations } from './routes/faults.ts'
import { getFile } from './routes/files.ts'
import { getProfile, listProfiles } from './routes/profiles.ts'
import {
  clearMisses,
  clearRequests,
  listMisses,
  listRequests,
  listRules,
  resendRequestOperation,
  verifyRequests,
  waitForRequests,
} from './routes/requests.ts'
import { listProtocolRules } from './routes/rules.ts'
import { getScenario, putScenario } from './routes/scenario.ts'
import { getSettings, putSettings } from './routes/settings.ts'
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
import {
  listDeliveries,
  redeliver,
  testWebhookOperation,
  waitForDeliveriesOperation,
  waitForIdleWebhooks,
} from './routes/webhooks.ts'

type RouteModule =
  | typeof import('./routes/accounts.ts')
  | typeof import('./routes/agents.ts')
  | typeof import('./routes/app-install.ts')
  | typeof import('./routes/clock.ts')
  | typeof import('./routes/conversations.ts')
  | typeof import('./routes/events.ts')
  | typeof import('./routes/faults.ts')
  | typeof import('./routes/files.ts')
  | typeof import('./routes/profiles.ts')
  | typeof import('./routes/requests.ts')
  | typeof import('./routes/rules.ts')
  | typeof import('./routes/scenario.ts')
  | typeof import('./routes/settings.ts')
  | typeof import('./routes/snapshot.ts')
  | typeof import('./routes/status.ts')
  | typeof import('./routes/tokens.ts')
  | typeof import('./routes/webhooks.ts')

type ExportOf<Module> = Module extends unknown ? Module[keyof Module] : never

type OperationIn<Exported> = Exported extends readonly (infer Operation)[]
  ? Operation
  : Exported extends (list: never) => infer Operation
    ? Operation
    : Exported

/** Any operation of the routes, with its types. */
export type ControlApiOperation = Extract<OperationIn<ExportOf<RouteModule>>, TypedOperation>

type ControlApiId = ControlApiOperation['id']

/** Erases the types of the operations; one of the routes that is not listed is a type error, which names it. */
const listAll = <const Listed extends readonly ControlApiOperation[]>(
  listed: Listed,
  ..._missing: [ControlApiId] extends [Listed[number]['id']]
    ? []
    : [Exclude<ControlApiId, Listed[number]['id']>]
): readonly ControlOperation[] => listed

/** Everything that production does not have. */
export const controlOperations: readonly ControlOperation[] = listAll([
  toIndexOperation(() => controlOperations),
  toOpenApiOperation(() => controlOperations),
  getHealth,
  getReady,
  getMetrics,
  streamEvents,
  listMisses,
  clearMisses,
  getJwks,
  listProtocolRules,
  listAccountsOperation,
  resetEverything,
  changeProviderState,
  resetAccountOperation,
  getSnapshot,
  putSnapshot,
  getScenario,
  putScenario,
  signTokens,
  listConversations,
  openConversation,
  getConversation,
  actAsAgentOperation,
  getFile,
  listProfiles,
  getProfile,
  getClock,
  putClock,
  getAppInstall,
  putAppInstall,
  getSettings,
  putSettings,
  streamAccountEvents,
  listRequests,
  clearRequests,
  waitForRequests,
  verifyRequests,
  resendRequestOperation,
  listRules,
  ...callFaultOperations,
  listDeliveries,
  waitForDeliveriesOperation,
  waitForIdleWebhooks,
  redeliver,
  testWebhookOperation,
  ...webhookFaultOperations,
  getBot,
  putBot,
  resetBot,
])

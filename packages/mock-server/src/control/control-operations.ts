import { getAppInstall, putAppInstall } from './app-install.ts'
import { putClock } from './clock.ts'
import type { ControlOperation } from './control-operation.ts'
import { actAsAgentOperation, getConversation, listConversations } from './conversations.ts'
import { getHealth } from './health.ts'
import { getJwks } from './jwks.ts'

/** Everything that production does not have. */
export const controlOperations: readonly ControlOperation[] = [
  getHealth,
  getJwks,
  listConversations,
  getConversation,
  actAsAgentOperation,
  putClock,
  getAppInstall,
  putAppInstall,
]

export type { AccountsInput } from './accounts/app-installs.ts'
export type { BotScript, BotScriptInput } from './accounts/bot-script.ts'
export { type AppOptions, createApp } from './app/create-app.ts'
export {
  type MockAccount,
  type MockServer,
  type MockServerOptions,
  startMockServer,
} from './app/start-mock-server.ts'
export type { FaultInput, FaultView } from './faults/call-fault.ts'
export type { WebhookFaultInput, WebhookFaultView } from './faults/webhook-fault.ts'
export type { Agent, AgentFile, AgentTransfer } from './handle/agent.ts'
export type { Bot, BotRuleInput } from './handle/bot.ts'
export type { AccountRequests } from './handle/requests.ts'
export type { TokenPair, TokenRequest } from './handle/token-pair.ts'
export type { MockWebhooks } from './handle/webhooks.ts'
export type { JournalEntry } from './journal/entry.ts'
export type { RequestExpectation, WaitOptions } from './journal/expectation.ts'
export type { RequestMatch, RequestQuery } from './journal/request-match.ts'
export type { AccountSnapshot } from './lifecycle/snapshot-schema.ts'
export type { Logger } from './logger.ts'
export type { Settings, SettingsInput } from './settings.ts'
export type { ConversationView, DialogView } from './store/conversation-view.ts'
export type { Delivery } from './webhooks/delivery.ts'
export type { DeliveryQuery } from './webhooks/delivery-log.ts'
export type { InstallView } from './webhooks/install-view.ts'

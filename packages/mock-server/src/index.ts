export type { Agent, AgentFile, AgentTransfer } from './agent.ts'
export type { AccountsInput } from './app-installs.ts'
export type { Bot, BotRuleInput } from './bot.ts'
export type { BotScript, BotScriptInput } from './bot-script.ts'
export type { ConversationView, DialogView } from './conversation-view.ts'
export { type AppOptions, createApp } from './create-app.ts'
export type { FaultInput, FaultView } from './faults/fault.ts'
export type { AccountRequests } from './journal/account-requests.ts'
export type { JournalEntry } from './journal/journal-entry.ts'
export type { RequestExpectation, WaitOptions } from './journal/request-expectation.ts'
export type { RequestMatch, RequestQuery } from './journal/request-match.ts'
export type { Logger } from './logger.ts'
export type { Settings, SettingsInput } from './settings.ts'
export type { AccountSnapshot } from './snapshot.ts'
export {
  type MockAccount,
  type MockServer,
  type MockServerOptions,
  startMockServer,
} from './start-mock-server.ts'
export type { TokenPair, TokenRequest } from './token-pair.ts'
export type { Delivery } from './webhooks/delivery.ts'
export type { DeliveryQuery } from './webhooks/delivery-log.ts'
export type { InstallView } from './webhooks/install-view.ts'
export type { WebhookFaultInput, WebhookFaultView } from './webhooks/webhook-fault.ts'
export type { MockWebhooks } from './webhooks/webhooks-handle.ts'

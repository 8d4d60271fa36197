export type { Agent } from './agent.ts'
export type { AccountsInput } from './app-installs.ts'
export type { ConversationView, DialogView } from './conversation-view.ts'
export { type AppOptions, createApp } from './create-app.ts'
export type { Settings, SettingsInput } from './settings.ts'
export {
  type MockAccount,
  type MockServer,
  type MockServerOptions,
  startMockServer,
  type TokenPair,
} from './start-mock-server.ts'

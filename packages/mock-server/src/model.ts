export type { Command, Environment, Reply, Step } from './model/command.ts'
export type { ConversationState, DialogState } from './model/conversation-state.ts'
export { reduce } from './model/reduce.ts'

export type { Command, Environment, Reply, Transition } from './model/command.ts'
export type { ConversationState, DialogState } from './model/conversation-state.ts'
export { reduce } from './model/reduce.ts'

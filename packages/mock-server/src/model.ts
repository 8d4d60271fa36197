export type {
  Command,
  Environment,
  Reply,
  /** @deprecated use `Transition` */
  Transition as Step,
  Transition,
} from './model/command.ts'
export type { ConversationState, DialogState } from './model/conversation-state.ts'
export { reduce } from './model/reduce.ts'

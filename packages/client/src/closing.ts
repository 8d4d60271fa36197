import type { ConversationStateField, DialogChangeField, StageField } from '@sendbox/schema'
import type { CallOptions } from './call-options.ts'

/** What is closed, by LivePerson's name of the field. */
export interface CloseOptions extends CallOptions {
  /**
   * `ConversationStateField` and `Stage` close everything, without a survey; `DialogChange` closes
   * one dialog, which a survey may follow. Rules: UPD-2, UPD-3, UPD-4.
   *
   * @default 'ConversationStateField'
   */
  readonly field?: 'ConversationStateField' | 'DialogChange' | 'Stage' | undefined
  /**
   * The dialog that `DialogChange` closes.
   *
   * @default the main one
   */
  readonly dialogId?: string | undefined
  /** Why `DialogChange` closes it. */
  readonly closedCause?: string | undefined
}

/** Puts a close as LivePerson writes it. */
export function toClosingField(
  conversationId: string,
  { field = 'ConversationStateField', dialogId = conversationId, closedCause }: CloseOptions,
): ConversationStateField | DialogChangeField | StageField {
  if (field !== 'DialogChange') return { field, conversationState: 'CLOSE' }
  return {
    field,
    type: 'UPDATE',
    dialog: { dialogId, state: 'CLOSE', ...(closedCause !== undefined && { closedCause }) },
  }
}

import type {
  ChatState,
  ConversationStateField,
  CsatRateField,
  DialogChangeField,
  SendRequestInput,
  StageField,
} from '@sendbox/schema'
import type { CallOptions, PublishOptions } from '../call-options.ts'
import type { FileSource } from '../files/file-source.ts'
import type { SendFileOptions, SentFile } from '../files/send-file.ts'
import type { Profile } from './open-conversation.ts'

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

/** An event as it may be written: bare single elements too. Rules: PUB-1, REQ-8. */
export type EventToPublish = Extract<SendRequestInput, { type: 'ms.PublishEvent' }>['body']['event']

/** Where an event is published, and how. */
export interface PublishEventOptions extends PublishOptions {
  /** @default the main dialog */
  readonly dialogId?: string | undefined
}

/** Which number an event took in its dialog, from 0. Rules: SEQ-1, SEQ-4. */
export interface SentEvent {
  readonly sequence: number
}

/** What the consumer chose on a card. Rule: PUB-10. */
export interface CardReply {
  /** The number of the card. */
  readonly sequence: number
  /** The text of the button. */
  readonly text: string
  /** The button's `click.metadata`, which is copied as it is. */
  readonly metadata: NonNullable<PublishOptions['metadata']>
}

/** How satisfied the consumer is. Rule: UPD-5. */
export interface Rating
  extends Pick<CsatRateField, 'csatRate' | 'csatResolutionConfirmation'>,
    Partial<Pick<CsatRateField, 'status'>> {}

/**
 * One conversation, as its consumer takes part in it: in its main dialog, whose id is the
 * conversation's. Its calls leave one after another, in the order in which they were made. Every
 * method rejects with a client error. Rule: PUB-1.
 */
export interface Conversation {
  readonly conversationId: string
  /** Publishes a text message. Rules: PUB-2, SEQ-1. */
  sendText(text: string, options?: PublishOptions): Promise<SentEvent>
  /** Uploads a file and publishes it. Rules: PUB-3, PUB-4, PUB-5, EP-15. */
  sendFile(source: FileSource, options?: SendFileOptions): Promise<SentFile>
  /** Gets the bytes of a file by the `relativePath` of its message. Rules: URL-2, EP-15. */
  downloadFile(relativePath: string, options?: CallOptions): Promise<Uint8Array>
  /** Publishes any event, to the main dialog or to the one with `dialogId`. Rule: PUB-1. */
  publish(event: EventToPublish, options?: PublishEventOptions): Promise<SentEvent>
  /** Says what the consumer is doing; `COMPOSING` stays until another state is set. Rules: PUB-7, CS-2. */
  setChatState(chatState: ChatState, options?: PublishOptions): Promise<void>
  /**
   * Shows the consumer as composing while `work` runs, and as `ACTIVE` after it, also where it
   * throws or the client closes meanwhile. Rejects with what `work` throws, else with what failed
   * of the two chat states. Rule: CS-2.
   */
  typing<Result>(work: () => Result | Promise<Result>, options?: CallOptions): Promise<Result>
  /** Says that the messages with these numbers arrived; takes a number itself. Rules: PUB-8, SEQ-1. */
  accept(sequenceList: readonly number[], options?: PublishOptions): Promise<SentEvent>
  /** Says that the messages with these numbers were read. Rules: PUB-8, SEQ-1. */
  read(sequenceList: readonly number[], options?: PublishOptions): Promise<SentEvent>
  /** Says that what the messages with these numbers lead to was opened. Rules: PUB-8, SEQ-1. */
  access(sequenceList: readonly number[], options?: PublishOptions): Promise<SentEvent>
  /** Says that the messages with these numbers could not be taken. Rules: PUB-8, SEQ-1. */
  nack(sequenceList: readonly number[], options?: PublishOptions): Promise<SentEvent>
  /** Makes the two calls of a reply to a card, and gives the number of its text. Rule: PUB-10. */
  replyToCard(reply: CardReply, options?: CallOptions): Promise<SentEvent>
  /** Publishes a text to the dialog of a survey. Rule: LIF-4. */
  answerSurvey(dialogId: string, text: string, options?: PublishOptions): Promise<SentEvent>
  /** Sets the consumer's profile. Rule: PRO-1. */
  setProfile(profile: Profile, options?: CallOptions): Promise<void>
  /** Rates the conversation, also after it is closed; `status` is FILLED by default. Rule: UPD-5. */
  rate(rating: Rating, options?: CallOptions): Promise<void>
  /**
   * Closes the conversation and all its dialogs, without a survey, or what `field` names; a repeat
   * that finds it closed has done so. Rules: UPD-2, UPD-3, UPD-4, LIF-5.
   */
  close(options?: CloseOptions): Promise<void>
}

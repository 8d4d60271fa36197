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
import type { SentEvent } from '../send/sent-event.ts'
import type { Profile } from './open-conversation.ts'

/** Options of a close. */
export interface CloseOptions extends CallOptions {
  /**
   * `ConversationStateField` and `Stage` close everything, without a survey; `DialogChange` closes
   * one dialog, which a survey may follow. Rules: UPD-2, UPD-3, UPD-4.
   * @default 'ConversationStateField'
   */
  readonly field?: 'ConversationStateField' | 'DialogChange' | 'Stage' | undefined
  /**
   * Dialog that `DialogChange` closes.
   * @default the main dialog
   */
  readonly dialogId?: string | undefined
  /** Reason, for `DialogChange`. */
  readonly closedCause?: string | undefined
}

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

/** Any event; lists of one element may be bare. Rules: PUB-1, REQ-8. */
export type EventToPublish = Extract<SendRequestInput, { type: 'ms.PublishEvent' }>['body']['event']

/** Options of `publish`. */
export interface PublishEventOptions extends PublishOptions {
  /** @default the main dialog */
  readonly dialogId?: string | undefined
}

/** A consumer's choice on a card. Rule: PUB-10. */
export interface CardReply {
  /** Number of the card. */
  readonly sequence: number
  /** Text of the button. */
  readonly text: string
  /** The button's `click.metadata`, unchanged. */
  readonly metadata: NonNullable<PublishOptions['metadata']>
}

/** A consumer's rating of the conversation. Rule: UPD-5. */
export interface Rating
  extends Pick<CsatRateField, 'csatRate' | 'csatResolutionConfirmation'>,
    Partial<Pick<CsatRateField, 'status'>> {}

/**
 * One conversation from its consumer's side. Events go to the main dialog, whose id is the
 * conversation's. Calls are sent in FIFO order; each rejects with a client error. Rule: PUB-1.
 */
export interface Conversation {
  readonly conversationId: string
  /**
   * Publishes a text message. Rules: PUB-2, SEQ-1.
   * @example
   * ```ts
   * const { sequence } = await conversation.sendText('Hello')
   * console.log(sequence) // 0
   * ```
   */
  sendText(text: string, options?: PublishOptions): Promise<SentEvent>
  /**
   * Uploads a file and publishes it. Rules: PUB-3, PUB-4, PUB-5, EP-15.
   * @example
   * ```ts
   * const png = Buffer.from('iVBORw0KGgo=', 'base64')
   * const { relativePath } = await conversation.sendFile(png, { caption: 'Look' })
   * console.log(png.equals(await conversation.downloadFile(relativePath))) // true
   * ```
   */
  sendFile(source: FileSource, options?: SendFileOptions): Promise<SentFile>
  /** Downloads a file by the `relativePath` of its message; not queued. Rules: URL-2, EP-15. */
  downloadFile(relativePath: string, options?: CallOptions): Promise<Uint8Array>
  /** Publishes any event, to the main dialog or to `dialogId`. Rule: PUB-1. */
  publish(event: EventToPublish, options?: PublishEventOptions): Promise<SentEvent>
  /**
   * Sets the consumer's chat state; `COMPOSING` lasts until the next state. Rules: PUB-7, CS-2.
   * @example
   * ```ts
   * await conversation.setChatState('COMPOSING')
   * ```
   */
  setChatState(chatState: ChatState, options?: PublishOptions): Promise<void>
  /**
   * Shows `COMPOSING` while `work` runs and `ACTIVE` afterwards, even if `work` throws or the client
   * closes meanwhile. Rejects with the error of `work`, else of the chat states. Rule: CS-2.
   * @example
   * ```ts
   * const sent = await conversation.typing(() => conversation.sendText('Hello'))
   * console.log(sent.sequence) // 0
   * ```
   */
  typing<Result>(work: () => Result | Promise<Result>, options?: CallOptions): Promise<Result>
  /** Publishes a receipt, which has a number itself: the messages arrived. Rules: PUB-8, SEQ-1. */
  accept(sequenceList: readonly number[], options?: PublishOptions): Promise<SentEvent>
  /**
   * Publishes a receipt: the messages were read. Rules: PUB-8, SEQ-1.
   * @example
   * ```ts
   * const { sequence } = await conversation.sendText('Hello')
   * console.log((await conversation.read([sequence])).sequence) // 1
   * ```
   */
  read(sequenceList: readonly number[], options?: PublishOptions): Promise<SentEvent>
  /** Publishes a receipt: a link or a file of the messages was opened. Rules: PUB-8, SEQ-1. */
  access(sequenceList: readonly number[], options?: PublishOptions): Promise<SentEvent>
  /** Publishes a receipt: the messages could not be delivered. Rules: PUB-8, SEQ-1. */
  nack(sequenceList: readonly number[], options?: PublishOptions): Promise<SentEvent>
  /**
   * Replies to a card: publishes the ACTION receipt, then the text. Rule: PUB-10.
   * @example
   * ```ts
   * const { sequence } = await conversation.sendText('Hello')
   * const metadata = { type: 'ExternalId', id: 'button-1' } as const
   * await conversation.replyToCard({ sequence, text: 'Yes', metadata })
   * ```
   */
  replyToCard(reply: CardReply, options?: CallOptions): Promise<SentEvent>
  /** Publishes a text to the dialog of a survey. Rule: LIF-4. */
  answerSurvey(dialogId: string, text: string, options?: PublishOptions): Promise<SentEvent>
  /** Sets the consumer's profile, in the queue of the conversation. Rule: PRO-1. */
  setProfile(profile: Profile, options?: CallOptions): Promise<void>
  /**
   * Rates the conversation, also after its close; `status` is FILLED by default. Rule: UPD-5.
   * @example
   * ```ts
   * await conversation.close()
   * await conversation.rate({ csatRate: 5, csatResolutionConfirmation: true })
   * ```
   */
  rate(rating: Rating, options?: CallOptions): Promise<void>
  /**
   * Closes the conversation and all dialogs without a survey, or what `field` names. Resolves if a
   * retry finds it closed. Rules: UPD-2, UPD-3, UPD-4, LIF-5.
   * @example
   * ```ts
   * await conversation.close({ field: 'DialogChange' })
   * ```
   */
  close(options?: CloseOptions): Promise<void>
}

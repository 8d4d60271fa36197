import type {
  ExConversationChange,
  MessagingEventChange,
  Notification,
  NotifiedEvent,
} from '@sendbox/schema'
import type { WebhookRefusal } from './responses.ts'
import type { Schedule } from './schedule.ts'

/** Which app install a webhook is for, as its headers say; the signature does not cover them. Rule: WH-2. */
export interface WebhookInstall {
  readonly accountId: string
  readonly clientId: string
}

/** What a handler is told beside the change. */
export interface WebhookContext extends WebhookInstall {
  /** Claims that an event with a higher number of its dialog was handed on before this one. */
  readonly isLate: boolean
}

/** One event of a conversation, as the webhook told of it. Rule: WH-4. */
export type NotifiedChange<Type extends NotifiedEvent['type']> = Omit<
  MessagingEventChange,
  'event'
> & { event: Extract<NotifiedEvent, { type: Type }> }

/** Takes one change; what it returns is awaited, and what it throws goes to `onError`. */
export type HandleWebhook<Change> = (change: Change, context: WebhookContext) => unknown

/** What to do with each kind of event, by the wire's name; a kind without a handler is taken and dropped. */
export interface WebhookHandlers {
  readonly ContentEvent?: HandleWebhook<NotifiedChange<'ContentEvent'>>
  readonly RichContentEvent?: HandleWebhook<NotifiedChange<'RichContentEvent'>>
  readonly AcceptStatusEvent?: HandleWebhook<NotifiedChange<'AcceptStatusEvent'>>
  /** A chat state stays until the next one of its participant. Rules: CS-2, SEQ-4. */
  readonly ChatStateEvent?: HandleWebhook<NotifiedChange<'ChatStateEvent'>>
  /** The whole state of a conversation, at each change of it. Rule: WH-7. */
  readonly ExConversationChangeNotification?: HandleWebhook<ExConversationChange>
}

/** Numbers of a dialog that did not come in time; a late one is handed on all the same. Rule: SEQ-1. */
export interface WebhookGap extends WebhookInstall {
  readonly conversationId: string
  readonly dialogId: string
  /** The first and the last of the missing numbers. */
  readonly missing: { readonly from: number; readonly to: number }
}

/** Where an error came up; `notification` is absent where the secret could not be looked up. */
export interface WebhookErrorContext extends WebhookInstall {
  readonly notification?: Notification
}

/** How webhooks are received. */
export interface WebhookHandlerOptions {
  /**
   * The secret of the app install, or a function that gives the secret of each install, `undefined`
   * for one that it does not know. Rule: WH-3.
   */
  readonly clientSecret:
    | string
    | ((install: WebhookInstall) => string | undefined | Promise<string | undefined>)
  /**
   * The handlers by the kind of event. Those of one conversation run one at a time and in order;
   * conversations never wait for one another.
   */
  readonly on: WebhookHandlers
  /** Told of what a handler, another callback or `clientSecret` throws; what it throws itself is dropped. */
  readonly onError: (error: unknown, context: WebhookErrorContext) => void
  /**
   * When the answer is 200. With `received` it is as soon as the event is checked and noted, and an
   * event is handed on at most once: it is lost if its handler fails or the process ends before. With
   * `handled` it is once the handler has succeeded; a failure is answered with 500 and forgotten, so
   * that the service's retry is handed on: at least once, as far as its retries go. Rules: WH-9, WH-10,
   * WH-11.
   *
   * @default 'received'
   */
  readonly acknowledge?: 'received' | 'handled'
  /**
   * After how many ms an unfinished handler is answered with 503, where `acknowledge` is `handled`. The
   * retry joins it, and is answered with its outcome. Stay below the read time-out of 5 s. Rules: WH-9,
   * WH-12.
   *
   * @default 4500
   */
  readonly answerWithinMs?: number
  /**
   * How many ms an event waits for those with lower numbers; 0 hands on in order of arrival. Every
   * message and receipt takes a number, so set 0 where the install gets only some of `ContentEvent`,
   * `RichContentEvent` and `AcceptStatusEvent`: each number that never comes costs this time. Rules:
   * SEQ-1, SEQ-3.
   *
   * @default 1000
   */
  readonly reorderWithinMs?: number
  /** Told of numbers that did not come within `reorderWithinMs`. */
  readonly onGap?: (gap: WebhookGap) => void
  /** Told of each delivery whose event is not handed on, and why; duplicates aside. */
  readonly onRefused?: (refusal: WebhookRefusal) => void
  /**
   * What becomes of a signed body that is no notification. `refuse` answers 400, which the service
   * takes for a failed delivery and repeats; with retries by time that holds up the whole install, and
   * `drop` answers 200 instead. Rules: WH-9, WH-11.
   *
   * @default 'refuse'
   */
  readonly ifInvalid?: 'refuse' | 'drop'
  /**
   * Drops the events of consumers, which the service echoes to the one who sent them. They still count
   * for the order. Rule: WH-6.
   *
   * @default false
   */
  readonly skipConsumerEvents?: boolean
  /**
   * Which hashes a signature may be made with. Rule: WH-3.
   *
   * @default ['sha1', 'sha256']
   */
  readonly algorithms?: readonly ('sha1' | 'sha256')[]
  /**
   * How many events, and how many conversations, are remembered to know duplicates and the order by;
   * the least recent leave first.
   *
   * @default 10_000
   */
  readonly maxRemembered?: number
  /**
   * How many events may wait or be in a handler; a further one is answered with 503, so that the
   * service repeats it. Rules: WH-10, WH-11.
   *
   * @default 1000
   */
  readonly maxPending?: number
  /**
   * The longest body in bytes; a longer one is answered with 413.
   *
   * @default 1_048_576
   */
  readonly maxBodyBytes?: number
  /**
   * Runs a function later and gives back what cancels it; set it to test with a clock of your own.
   *
   * @default setTimeout
   */
  readonly schedule?: Schedule
}

import type {
  EventType,
  ExConversationChange,
  MessagingEventChange,
  Notification,
  NotifiedEvent,
  UnknownTag,
} from '@sendbox/schema'
import type { WebhookInstall } from './install.ts'
import type { WebhookRefusal } from './responses.ts'
import type { Schedule } from './schedule.ts'

/** Second argument of a handler. */
export interface WebhookContext extends WebhookInstall {
  /** Whether a handler was already called with a higher number of the same dialog. */
  readonly isLate: boolean
}

/** One event of a conversation, whose type and content are known; `conversationId` is `dialogId` if it is absent. Rules: WH-4, PUB-1. */
export type NotifiedChange<Type extends EventType> = Omit<
  MessagingEventChange,
  'event' | 'conversationId'
> & {
  conversationId: string
  event: Exclude<Extract<NotifiedEvent, { type: Type }>, { contentType: UnknownTag }>
}

/** Handles one change; its promise is awaited, and its errors are passed to `onError`. */
export type HandleWebhook<Change> = (change: Change, context: WebhookContext) => unknown

type EventHandlers = {
  readonly [Type in EventType]?: HandleWebhook<NotifiedChange<Type>>
}

/** Handlers by event type; events without a handler are acknowledged and dropped. */
export interface WebhookHandlers extends EventHandlers {
  /** The whole state of a conversation, after each change of it. Rule: WH-7. */
  readonly ExConversationChangeNotification?: HandleWebhook<ExConversationChange>
}

/** Numbers of a dialog that did not arrive in time; late ones are still handled. Rule: SEQ-1. */
export interface WebhookGap extends WebhookInstall {
  readonly conversationId: string
  readonly dialogId: string
  /** First and last missing number. */
  readonly missing: { readonly from: number; readonly to: number }
}

/** Origin of an error; without `notification` for a failed secret look-up. */
export interface WebhookErrorContext extends WebhookInstall {
  readonly notification?: Notification
}

/** Options of a webhook handler. */
export interface WebhookHandlerOptions {
  /** Secret of the app install, or a look-up by install; `undefined` if unknown. Rule: WH-3. */
  readonly clientSecret:
    | string
    | ((install: WebhookInstall) => string | undefined | Promise<string | undefined>)
  /** Handlers by event type: per conversation one at a time and in order; conversations are independent. */
  readonly on: WebhookHandlers
  /** Called with errors of handlers, callbacks and `clientSecret`; its own errors are ignored. */
  readonly onError: (error: unknown, context: WebhookErrorContext) => void
  /**
   * When to respond with 200. `received`: after verification; an event is handled at most once, and
   * lost if its handler fails or the process ends. `handled`: after its handler succeeds; a failure
   * is a 500, so the service retries: at least once, as far as its retries go. Rules: WH-9, WH-10,
   * WH-11.
   * @default 'received'
   */
  readonly acknowledge?: 'received' | 'handled'
  /**
   * With `acknowledge: 'handled'`, time in ms after which an unfinished handler is a 503; the retry
   * joins it and gets its outcome. Stay below the service's read timeout of 5 s. Rules: WH-9, WH-12.
   * @default 4500
   */
  readonly handlerTimeoutMs?: number
  /** @deprecated Use `handlerTimeoutMs`. */
  readonly answerWithinMs?: number
  /**
   * Maximum time in ms that an event waits for lower numbers; 0 keeps the order of arrival. Set 0 if
   * the install does not receive all of `ContentEvent`, `RichContentEvent` and `AcceptStatusEvent`,
   * which share the numbers: each number that never arrives costs this time. Rules: SEQ-1, SEQ-3.
   * @default 1000
   */
  readonly reorderWithinMs?: number
  /** Called with numbers that did not arrive within `reorderWithinMs`. */
  readonly onGap?: (gap: WebhookGap) => void
  /** Called with each delivery that is refused or dropped, except duplicates. */
  readonly onRefused?: (refusal: WebhookRefusal) => void
  /**
   * Response to a signed body that is no notification: `refuse` is 400, which the service retries and
   * which, with retries by time, blocks the whole install; `drop` is 200. Rules: WH-9, WH-11.
   * @default 'refuse'
   */
  readonly ifInvalid?: 'refuse' | 'drop'
  /**
   * Drops events of consumers, which the service echoes to their sender. They still count for the
   * order. Rule: WH-6.
   * @default false
   */
  readonly skipConsumerEvents?: boolean
  /**
   * Accepted hash algorithms of signatures. Rule: WH-3.
   * @default ['sha1', 'sha256']
   */
  readonly algorithms?: readonly ('sha1' | 'sha256')[]
  /**
   * Maximum number of events, and of conversations, retained for deduplication and order; the least
   * recently used are evicted.
   * @default 10_000
   */
  readonly maxRemembered?: number
  /**
   * Maximum number of events that wait or are being handled; a further one is a 503, which the
   * service retries. Rules: WH-10, WH-11.
   * @default 1000
   */
  readonly maxPending?: number
  /**
   * Maximum body size in bytes; a larger body is a 413.
   * @default 1_048_576
   */
  readonly maxBodyBytes?: number
  /**
   * Schedules a function; set it to test with a fake clock.
   * @default setTimeout
   */
  readonly schedule?: Schedule
}

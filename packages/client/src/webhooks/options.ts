import type {
  EventType,
  ExConversationChange,
  MessagingEventChange,
  NotifiedEvent,
  UnknownTag,
} from '@sendbox/schema'
import type { Log } from '../log.ts'
import type { WebhookInstall } from './install.ts'
import type { WebhookRefusal } from './responses.ts'
import type { Schedule } from './schedule.ts'

/** The parts of a notification that every type has. Rule: WH-4. */
export interface WebhookNotification {
  readonly kind: unknown
  readonly type: unknown
  readonly body: { readonly changes: readonly unknown[]; readonly sentTs?: unknown }
}

/** Second argument of a handler. */
export interface WebhookContext extends WebhookInstall {
  /** Whether a handler was already called with a higher number of the same dialog. */
  readonly isLate: boolean
}

/** Why a change is given to `onUnknown`: its audience, a type in it, or its form is not known. */
export type UnknownReason = 'audience' | 'type' | 'form'

/** Second argument of `onUnknown`. */
export interface UnknownChangeContext extends WebhookContext {
  /** The `type` of the notification. */
  readonly type: unknown
  /**
   * Why no handler is called: its `audience` is neither all nor agents and managers, the `type` of the notification, the change,
   * the event or its content is not known, or its `form` is not that of its type.
   */
  readonly reason: UnknownReason
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

/**
 * Handlers by event type; events without a handler are acknowledged and dropped. All but `PrivateNote` are given only what the
 * consumer may see: changes for the audience `ALL`, or without one. Rule: WH-4a.
 */
export interface WebhookHandlers extends EventHandlers {
  /** The whole state of a conversation, after each change of it. Rule: WH-7. */
  readonly ExConversationChangeNotification?: HandleWebhook<ExConversationChange>
  /** An event for agents and managers only: never show it to the consumer. Rule: WH-4a. */
  readonly PrivateNote?: HandleWebhook<NotifiedChange<EventType>>
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
  readonly notification?: WebhookNotification
  /** The change whose handler failed. */
  readonly change?: unknown
}

/** Options of a webhook handler. */
export interface WebhookHandlerOptions {
  /**
   * Secret of the app install, or a look-up by install; `undefined` if unknown. Its ids come from the request, unverified: look them
   * up in a `Map`. A look-up that gives anything else, or nothing within `handlerTimeoutMs`, is a 500. Rule: WH-3.
   */
  readonly clientSecret:
    | string
    | ((install: WebhookInstall) => string | undefined | Promise<string | undefined>)
  /** Handlers by event type: per conversation one at a time and in order; conversations are independent. */
  readonly on: WebhookHandlers
  /** Called with errors of handlers, callbacks and `clientSecret`; its own errors are ignored. */
  readonly onError: (error: unknown, context: WebhookErrorContext) => void
  /**
   * Called, in order, with each change that no handler of `on` is for, as it came: another audience, an unknown type or form, or
   * no object at all. Without it such a change is acknowledged with a line of `log` and a message on
   * {@link webhookChannels}`.unhandled`, as is a private note without handler. Rules: WH-4.3, WH-4a.
   */
  readonly onUnknown?: (change: unknown, context: UnknownChangeContext) => unknown
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
  /** @deprecated Without effect: a notification is never refused for its content. Use `onUnknown`. */
  readonly ifInvalid?: 'refuse' | 'drop'
  /**
   * Drops events of consumers, which the service echoes to their sender. They still count for the
   * order. Rule: WH-6.
   * @default false
   */
  readonly skipConsumerEvents?: boolean
  /**
   * Maximum age in ms of an event by its signed `serverTimestamp` or `sentTs`; an older one is acknowledged, dropped and given to
   * `onRefused`, so that a recorded delivery that is replayed has no effect. Stay above the retention time of the app install, and
   * above the difference of the clocks. Events without a time, such as chat states, have no age. Rules: WH-4, WH-11.
   * @default Infinity
   */
  readonly maxAgeMs?: number
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
   * Maximum number of changes that wait or are being handled; a further one is a 503, which the
   * service retries. A notification with more changes than that is a 413. Rules: WH-10, WH-11.
   * @default 1000
   */
  readonly maxPending?: number
  /**
   * Maximum body size in bytes; a larger body is a 413.
   * @default 1_048_576
   */
  readonly maxBodyBytes?: number
  /**
   * Receives one line for each change that is acknowledged without a handler; it names no content.
   * @default `node:util` debuglog, with NODE_DEBUG=sendbox
   */
  readonly log?: Log
  /**
   * Current time in ms since the epoch, for `maxAgeMs`; set it to test with a fake clock.
   * @default Date.now
   */
  readonly now?: () => number
  /**
   * Schedules a function; set it together with `now`.
   * @default setTimeout
   */
  readonly schedule?: Schedule
}

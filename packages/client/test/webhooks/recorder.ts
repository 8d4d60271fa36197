import {
  createWebhookHandler,
  type WebhookGap,
  type WebhookHandler,
  type WebhookHandlerOptions,
  type WebhookRefusal,
} from '../../src/index.ts'
import { secret } from './deliveries.ts'
import { createManualSchedule, type ManualSchedule } from './manual-schedule.ts'

/** A webhook handler that records its events, with a manual clock. */
export interface WebhookRecorder extends WebhookHandler {
  /** Handled texts, chat states, receipts and cards, with `late` before a late one. */
  readonly log: string[]
  readonly errors: unknown[]
  readonly refusals: WebhookRefusal[]
  readonly gaps: WebhookGap[]
  readonly timers: ManualSchedule
}

export function createWebhookRecorder(
  options: Partial<WebhookHandlerOptions> = {},
): WebhookRecorder {
  const log: string[] = []
  const errors: unknown[] = []
  const refusals: WebhookRefusal[] = []
  const gaps: WebhookGap[] = []
  const timers = createManualSchedule()
  const note = (text: string, isLate: boolean): void => {
    log.push(isLate ? `late ${text}` : text)
  }
  const handler = createWebhookHandler({
    clientSecret: secret,
    on: {
      ContentEvent: ({ event }, { isLate }) =>
        note(typeof event.message === 'string' ? event.message : event.contentType, isLate),
      RichContentEvent: ({ event }, { isLate }) => note(JSON.stringify(event.content), isLate),
      AcceptStatusEvent: ({ event }, { isLate }) =>
        note(`${event.status} ${event.sequenceList.join()}`, isLate),
      ChatStateEvent: ({ event }, { isLate }) => note(event.chatState, isLate),
      ExConversationChangeNotification: ({ result }, { isLate }) =>
        note(result.conversationDetails.state, isLate),
    },
    onError: error => errors.push(error),
    onRefused: refusal => refusals.push(refusal),
    onGap: gap => gaps.push(gap),
    schedule: timers.schedule,
    ...options,
  })
  return { ...handler, log, errors, refusals, gaps, timers }
}

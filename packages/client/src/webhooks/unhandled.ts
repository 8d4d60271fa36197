import { channel } from 'node:diagnostics_channel'
import { isRecord } from '@sendbox/schema'
import { type Log, toLogLine } from '../log.ts'
import type { WebhookInstall } from './install.ts'
import type { UnknownReason } from './options.ts'

/** A change that was acknowledged although no handler is for it, or its handler is not given. */
export interface UnhandledChange extends WebhookInstall {
  /** The option that would have received it. */
  readonly missing: 'onUnknown' | 'on.PrivateNote'
  /** The `type` of the notification. */
  readonly type: unknown
  /** With `onUnknown` only. */
  readonly reason?: UnknownReason | undefined
  readonly change: unknown
}

/** `node:diagnostics_channel` names of webhook handlers; messages are {@link UnhandledChange}s. */
export const webhookChannels: Readonly<Record<'unhandled', 'sendbox:client:webhook:unhandled'>> = {
  unhandled: 'sendbox:client:webhook:unhandled',
}

const unhandledChannel = channel(webhookChannels.unhandled)

/** Publishes a change without handler; the log has its place in the conversation, and not its content. */
export function publishUnhandled(unhandled: UnhandledChange, log: Log): void {
  unhandledChannel.publish(unhandled)
  const { missing, type, reason, change } = unhandled
  const { conversationId = '', dialogId = '', sequence = '' } = isRecord(change) ? change : {}
  const place = [conversationId, dialogId, sequence].map(part =>
    typeof part === 'string' || typeof part === 'number' ? String(part) : '',
  )
  log(
    toLogLine([
      'webhook',
      typeof type === 'string' ? type : 'without a type',
      ...place,
      reason === undefined ? 'is a private note' : `has an unknown ${reason}`,
      `and there is no ${missing}`,
    ]),
  )
}

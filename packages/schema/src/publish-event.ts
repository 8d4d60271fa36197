import * as z from 'zod'
import { AcceptStatusEventSchema } from './accept-status-event.ts'
import { ChatStateEventSchema } from './chat-state-event.ts'
import { ContentEventSchema, HostedFileEventSchema } from './content-event.ts'
import { requestOf } from './request.ts'
import { RichContentEventSchema } from './rich-content-event.ts'
import { schemaRules } from './schema-rules.ts'

/** What `ms.PublishEvent` publishes, told apart by `type`. */
export const PublishedEventSchema = z
  .discriminatedUnion('type', [
    ContentEventSchema,
    ChatStateEventSchema,
    AcceptStatusEventSchema,
    RichContentEventSchema,
    HostedFileEventSchema,
  ])
  .register(schemaRules, { rule: 'PUB-1.1' })
export type PublishedEvent = z.infer<typeof PublishedEventSchema>

/** Publishes one event to a dialog; a main dialog's id is its conversation's. Rule: PUB-1. */
export const PublishEventRequestSchema = requestOf(
  'ms.PublishEvent',
  z
    .looseObject({
      dialogId: z.string().min(1),
      event: PublishedEventSchema,
      conversationId: z.string().min(1).optional(),
    })
    .register(schemaRules, { rule: 'PUB-1.1' }),
)
export type PublishEventRequest = z.infer<typeof PublishEventRequestSchema>

import * as z from 'zod'
import { AcceptStatusEventSchema } from '../events/accept-status.ts'
import { ChatStateEventSchema } from '../events/chat-state.ts'
import { ContentEventSchema, HostedFileEventSchema } from '../events/content.ts'
import { eventOptions } from '../events/event-types.ts'
import { RichContentEventSchema } from '../events/rich-content.ts'
import { schemaRules } from '../primitives/rule-metadata.ts'
import { publishOf } from './encoded-metadata.ts'

/** The event of `ms.PublishEvent`, discriminated by `type`. */
export const PublishedEventSchema = z
  .discriminatedUnion(
    'type',
    eventOptions({
      ContentEvent: ContentEventSchema,
      ChatStateEvent: ChatStateEventSchema,
      AcceptStatusEvent: AcceptStatusEventSchema,
      RichContentEvent: RichContentEventSchema,
      HostedFile: HostedFileEventSchema,
    }),
  )
  .register(schemaRules, { rule: 'PUB-1.1' })
export type PublishedEvent = z.infer<typeof PublishedEventSchema>

/** Publishes one event to a dialog; a main dialog's id is its conversation's. Rules: PUB-1, REQ-9. */
export const PublishEventRequestSchema = publishOf(
  z
    .looseObject({
      dialogId: z.string().min(1),
      event: PublishedEventSchema,
      conversationId: z.string().min(1).optional(),
    })
    .register(schemaRules, { rule: 'PUB-1.1' }),
)
export type PublishEventRequest = z.infer<typeof PublishEventRequestSchema>

import * as z from 'zod'
import { AcceptStatusEventSchema } from '../events/accept-status.ts'
import { ChatStateEventSchema } from '../events/chat-state.ts'
import { ContentEventSchema, HostedFileEventSchema } from '../events/content.ts'
import { eventOptions } from '../events/event-types.ts'
import { RichContentEventSchema } from '../events/rich-content.ts'
import { schemaRules } from '../primitives/rule-metadata.ts'
import type { RuleId } from '../rules/index.ts'
import { requestOf } from './request.ts'

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

const maxEncodedLength = 5_120

const encodedMetadata = z
  .string()
  .max(maxEncodedLength)
  .regex(/^(?:[\d+/A-Za-z]{4})*(?:[\d+/A-Za-z]{2}==|[\d+/A-Za-z]{3}=)?$/)
  .register(schemaRules, {
    rule: 'REQ-9.1',
    expected: `valid base64 of at most ${maxEncodedLength} characters`,
  })
  .optional()

const textOrCard = {
  anyOf: [
    { properties: { type: { const: 'ContentEvent' }, contentType: { const: 'text/plain' } } },
    { properties: { type: { const: 'RichContentEvent' } } },
  ],
}

/** The JSON Schema of what the refinement of {@link publishOf} asks for. */
const besideTextOrCard = {
  if: { type: 'object', properties: { encodedMetadata: {} }, required: ['encodedMetadata'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: {
    properties: {
      body: { type: 'object', properties: { event: { type: 'object', ...textOrCard } } },
    },
  },
}

const isTextOrCard = (event: PublishedEvent): boolean =>
  event.type === 'RichContentEvent' ||
  (event.type === 'ContentEvent' && event.contentType === 'text/plain')

/** `ms.PublishEvent` with this body. Rule: REQ-9. */
export const publishOf = <Body extends z.ZodType<{ event: PublishedEvent }>>(body: Body) =>
  requestOf('ms.PublishEvent', body, { encodedMetadata })
    .meta(besideTextOrCard)
    .superRefine((request, context) => {
      const { encodedMetadata, body } = request as Readonly<Record<'encodedMetadata', unknown>> & {
        readonly body: { readonly event: PublishedEvent }
      }
      if (encodedMetadata === undefined || isTextOrCard(body.event)) return
      context.addIssue({
        code: 'custom',
        path: ['encodedMetadata'],
        params: { rule: 'REQ-9.1' satisfies RuleId },
        message: 'a text or a card beside it',
      })
    })

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

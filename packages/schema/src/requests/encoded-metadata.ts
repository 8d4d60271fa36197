import * as z from 'zod'
import { schemaRules } from '../primitives/rule-metadata.ts'
import type { RuleId } from '../rules/index.ts'
import { requestOf } from './request.ts'

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

/** The part of an event that tells its kind. */
interface Event {
  readonly type: string
  readonly contentType?: unknown
}

const isTextOrCard = (event: Event): boolean =>
  event.type === 'RichContentEvent' ||
  (event.type === 'ContentEvent' && event.contentType === 'text/plain')

/** `ms.PublishEvent` with this body. Rule: REQ-9. */
export const publishOf = <Body extends z.ZodType<{ event: Event }>>(body: Body) =>
  requestOf('ms.PublishEvent', body, { encodedMetadata })
    .meta(besideTextOrCard)
    .superRefine((request, context) => {
      const { encodedMetadata, body } = request as Readonly<Record<'encodedMetadata', unknown>> & {
        readonly body: { readonly event: Event }
      }
      if (encodedMetadata === undefined || isTextOrCard(body.event)) return
      context.addIssue({
        code: 'custom',
        path: ['encodedMetadata'],
        params: { rule: 'REQ-9.1' satisfies RuleId },
        message: 'a text or a card beside it',
      })
    })

import * as z from 'zod'
import { schemaRules } from '../primitives/rule-metadata.ts'
import type { RuleId } from '../rules/index.ts'
import { envelopeOf } from './request.ts'

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
  type: 'object',
  anyOf: [
    { properties: { type: { const: 'ContentEvent' }, contentType: { const: 'text/plain' } } },
    { properties: { type: { const: 'RichContentEvent' } } },
  ],
}

/** The JSON Schema of the requests that the refinement of {@link publishOf} refuses. */
const besideAnother = {
  type: 'object',
  required: ['encodedMetadata'],
  properties: {
    encodedMetadata: {},
    body: { type: 'object', properties: { event: { not: textOrCard } } },
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
  z
    .looseObject({ ...envelopeOf('ms.PublishEvent', body), encodedMetadata })
    .register(schemaRules, { rule: 'REQ-1' })
    .meta({ not: besideAnother })
    .superRefine((request, context) => {
      const sent = request as Readonly<Record<'encodedMetadata', unknown>> & {
        readonly body: { readonly event: Event }
      }
      if (sent.encodedMetadata === undefined || isTextOrCard(sent.body.event)) return
      context.addIssue({
        code: 'custom',
        path: ['encodedMetadata'],
        params: { rule: 'REQ-9.1' satisfies RuleId },
        message: 'a text or a card beside it',
      })
    })

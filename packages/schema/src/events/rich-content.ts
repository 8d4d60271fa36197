import * as z from 'zod'
import { schemaRules } from '../primitives/rule-metadata.ts'

const ElementSchema = z.looseObject({ type: z.string() })

const exactlyOneBody = 'either content or message'

/** A card, whose element is in `content` or in `message`; it parses to `content`. Rule: PUB-9. */
export const RichContentEventSchema = z
  .looseObject({
    type: z.literal('RichContentEvent'),
    content: ElementSchema.register(schemaRules, { rule: 'PUB-9', open: true }).optional(),
    message: ElementSchema.register(schemaRules, { rule: 'PUB-9', open: true }).optional(),
  })
  .meta({
    oneOf: [
      { properties: { content: {} }, required: ['content'] },
      { properties: { message: {} }, required: ['message'] },
    ],
  })
  .register(schemaRules, { rule: 'PUB-9' })
  .transform(({ content, message, ...event }, context) => {
    const element = content ?? message
    if (element !== undefined && (content === undefined) !== (message === undefined))
      return { ...event, content: element }
    context.issues.push({ code: 'custom', message: exactlyOneBody, input: event })
    return z.NEVER
  })
export type RichContentEvent = z.infer<typeof RichContentEventSchema>

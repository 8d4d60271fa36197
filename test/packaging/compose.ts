import { SendRequestSchema } from '@sendbox/schema'
import * as z from 'zod'

const MessageSchema = z.object({ tenant: z.string(), request: SendRequestSchema })
const EitherSchema = z.union([SendRequestSchema, z.object({ ping: z.literal(true) })])

const chatState = {
  id: 1,
  type: 'ms.PublishEvent',
  body: { dialogId: 'dialog', event: { type: 'ChatStateEvent', chatState: 'PAUSE' } },
}

const message = MessageSchema.parse({ tenant: 'one', request: chatState })
const type: 'ms.PublishEvent' | undefined =
  message.request.type === 'ms.PublishEvent' ? message.request.type : undefined
// @ts-expect-error: a request is not only text
const text: z.output<typeof EitherSchema> = 'text'

const verdicts = [{ ping: true }, chatState, { ping: false }, text].map(
  value => EitherSchema.safeParse(value).success,
)
const id = MessageSchema.safeParse({
  tenant: 'one',
  request: { ...chatState, id: '😀'.repeat(64) },
})
export const verdict = [type, message.tenant, verdicts, id.success]

import { z } from 'zod'
import { defineControlOperation } from './control-operation.ts'

const ClockChangeSchema = z.strictObject({
  freeze: z.literal(true).optional(),
  advanceMs: z.number().min(0).optional(),
  resume: z.literal(true).optional(),
})

export const putClock = defineControlOperation({
  id: 'putClock',
  method: 'PUT',
  path: '/accounts/{accountId}/clock',
  summary:
    "Freezes, advances and resumes an account's clock, in this order; answers once everything that fell due has run",
  body: ClockChangeSchema,
  answers: { 200: z.object({ now: z.number(), frozen: z.boolean() }) },
  async handle({ params: { accountId = '' }, body }, service) {
    const clock = service.clocks.of(accountId)
    if (body.freeze) clock.freeze()
    if (body.advanceMs !== undefined) await clock.advance(body.advanceMs)
    if (body.resume) clock.resume()
    return { status: 200, body: { now: clock.now(), frozen: clock.frozen } }
  },
})

import { z } from 'zod'
import { ClockViewSchema, latestTime } from '../../accounts/account-clock.ts'
import { ControlRefusalSchema, defineControlOperation, refuseControl } from '../operation.ts'

const ClockChangeSchema = z.strictObject({
  freeze: z.literal(true).optional(),
  advanceMs: z.int().min(0).optional(),
  resume: z.literal(true).optional(),
})

const path = '/accounts/{accountId}/clock'

export const getClock = defineControlOperation({
  id: 'getClock',
  method: 'GET',
  path,
  summary:
    "Shows an account's clock: its time, its distance from the wall time, what falls due next",
  responses: { 200: ClockViewSchema },
  handle: ({ params: { accountId = '' } }, { clocks }) => ({
    status: 200,
    body: clocks.show(accountId),
  }),
})

export const putClock = defineControlOperation({
  id: 'putClock',
  method: 'PUT',
  path,
  summary:
    "Freezes, advances and resumes an account's clock, in this order; answers once everything that fell due has run",
  body: ClockChangeSchema,
  responses: { 200: ClockViewSchema, 400: ControlRefusalSchema },
  async handle({ params: { accountId = '' }, body }, services) {
    const clock = services.clocks.of(accountId)
    if (clock.now() + (body.advanceMs ?? 0) > latestTime)
      return refuseControl(400, `A clock goes to ${latestTime} ms at most; advance it by less`)
    if (body.freeze) clock.freeze()
    if (body.advanceMs !== undefined) await clock.advance(body.advanceMs)
    if (body.resume) clock.resume()
    return { status: 200, body: services.clocks.show(accountId) }
  },
})

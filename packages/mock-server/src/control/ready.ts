import { z } from 'zod'
import { defineControlOperation } from './control-operation.ts'

export const getReady = defineControlOperation({
  id: 'getReady',
  method: 'GET',
  path: '/ready',
  summary: 'Says whether the mock takes calls: 503 while it closes',
  answers: {
    200: z.object({ status: z.literal('ready') }),
    503: z.object({ status: z.literal('closing') }),
  },
  handle: (_call, { readiness }) =>
    readiness.isClosing
      ? { status: 503, body: { status: 'closing' } }
      : { status: 200, body: { status: 'ready' } },
})

import { z } from 'zod'
import { defineControlOperation } from './control-operation.ts'

export const getHealth = defineControlOperation({
  id: 'getHealth',
  method: 'GET',
  path: '/health',
  summary: 'Says that the mock runs',
  answers: { 200: z.object({ status: z.literal('ok') }) },
  handle: () => ({ status: 200, body: { status: 'ok' } }),
})

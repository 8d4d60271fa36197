import { z } from 'zod'
import type { Answer } from '../http/answer.ts'

/** Why the control API does not do what it was asked; `problems` say what is wrong with a body or query. */
export const ControlRefusalSchema = z.object({
  title: z.string(),
  details: z.string(),
  problems: z
    .array(
      z.object({
        /** JSON Pointer. */
        path: z.string(),
        expected: z.string(),
        received: z.string(),
        message: z.string(),
      }),
    )
    .readonly()
    .exactOptional(),
})
type ControlRefusal = z.output<typeof ControlRefusalSchema>

const titles = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
} as const

/** Answers that something is not done, and why; `details` say what to do instead. */
export const refuseControl = (
  status: keyof typeof titles,
  details: string,
  more: Pick<Answer, 'headers'> & Pick<ControlRefusal, 'problems'> & Record<string, unknown> = {},
): Answer => {
  const { headers, ...rest } = more
  const body = { title: titles[status], details, ...rest }
  return { status, body, ...(headers && { headers }) }
}

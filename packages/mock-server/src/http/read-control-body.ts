import type { Request, Response } from 'express'
import type { z } from 'zod'
import { readInput } from '../read-input.ts'
import type { Service } from '../service.ts'
import { type Answer, toErrorAnswer } from './answer.ts'
import { readJson } from './read-json.ts'

/** The body of a control call, or the answer that refuses it. */
export type ControlBody<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly answer: Answer }

/** Reads the JSON body of a control call; a bad one is answered with 400 and `problems`: path, expected, received, message. */
export async function readControlBody<Schema extends z.ZodType>(
  schema: Schema,
  request: Request,
  response: Response,
  service: Service,
): Promise<ControlBody<z.output<Schema>>> {
  const payload = await readJson(request, response)
  if (!payload.ok) return { ok: false, answer: toErrorAnswer(payload.refusal, service.settings) }
  const result = readInput(schema, payload.value)
  if (result.ok) return result
  const { problems } = result
  const details = problems.map(({ message }) => message).join('\n')
  return { ok: false, answer: { status: 400, body: { title: 'Bad Request', details, problems } } }
}

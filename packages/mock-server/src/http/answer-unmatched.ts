import type { Request, Response } from 'express'
import { recordUnmatched } from '../journal/record-unmatched.ts'
import type { Service } from '../service.ts'
import { type Answer, writeAnswer } from './answer.ts'

/** Answers a request that is none of an operation, and keeps and counts it. */
export function answerUnmatched(
  request: Request,
  response: Response,
  answer: Answer,
  service: Service,
): void {
  recordUnmatched(request, answer, service)
  service.metrics.observeUnmatched(answer.status)
  writeAnswer(response, answer)
}

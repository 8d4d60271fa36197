import type { Pass, PassingAnswer, PassingRequest } from '../../src/proxy.ts'

type Through = (request: PassingRequest, pass: Pass) => Promise<PassingAnswer>

const isSameRequest = (sent: PassingRequest, came: PassingRequest): boolean =>
  sent.path === came.path &&
  sent.bytes.equals(came.bytes) &&
  JSON.stringify(sent.headers) === JSON.stringify(came.headers)

const isSameAnswer = (given: PassingAnswer, got: PassingAnswer | undefined): boolean =>
  given.status === got?.status && given.bytes.equals(got.bytes)

/** Notes whether anything that passes is changed, held back or repeated. */
export const noticeChanges =
  (through: Through, seen: { isChanged: boolean }): Through =>
  async (request, pass) => {
    let got: PassingAnswer | undefined
    let passes = 0
    const answer = await through(request, async sent => {
      passes += 1
      if (passes > 1 || !isSameRequest(sent, request)) seen.isChanged = true
      got = await pass(sent)
      return got
    })
    if (!isSameAnswer(answer, got)) seen.isChanged = true
    return answer
  }

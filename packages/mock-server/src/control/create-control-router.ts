import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { z } from 'zod'
import { type Answer, toErrorAnswer, writeAnswer } from '../http/answer.ts'
import { readBytes, readJson } from '../http/read-body.ts'
import { isLoopbackAddress } from '../loopback.ts'
import { readInput } from '../read-input.ts'
import type { Service } from '../service.ts'
import type { ControlOperation } from './control-operation.ts'
import { controlOperations } from './control-operations.ts'

const refuseOffLoopback: RequestHandler = (request, response, next) => {
  if (isLoopbackAddress(request.socket.localAddress ?? '')) return next()
  writeAnswer(response, {
    status: 403,
    body: {
      title: 'Forbidden',
      details: 'The control API is open on a loopback address only; ask it at http://127.0.0.1',
    },
  })
}

/** A value of a control call, or the answer that refuses it. */
type Part =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly answer: Answer }

const absent: Part = { ok: true, value: undefined }

/** A bad value is answered with 400 and `problems`: path, expected, received, message. */
function readPart(schema: z.ZodType, value: unknown): Part {
  const result = readInput(schema, value)
  if (result.ok) return result
  const { problems } = result
  const details = problems.map(({ message }) => message).join('\n')
  return { ok: false, answer: { status: 400, body: { title: 'Bad Request', details, problems } } }
}

async function readBody(
  { body }: ControlOperation,
  request: Request,
  response: Response,
  { settings }: Service,
): Promise<Part> {
  if (body === undefined) return absent
  const json = readJson(request, await readBytes(request, response))
  return json.ok
    ? readPart(body, json.value)
    : { ok: false, answer: toErrorAnswer(json.refusal, settings) }
}

const serveControl =
  (operation: ControlOperation, service: Service): RequestHandler<Record<string, string>> =>
  async (request, response) => {
    const query = operation.query ? readPart(operation.query, { ...request.query }) : absent
    if (!query.ok) return writeAnswer(response, query.answer)
    const body = await readBody(operation, request as Request, response, service)
    if (!body.ok) return writeAnswer(response, body.answer)
    const call = { params: request.params, body: body.value, query: query.value }
    return writeAnswer(response, await operation.handle(call as never, service))
  }

/** Mounts the control API, see {@link controlOperations}. */
export function createControlRouter(service: Service): Router {
  const router = Router({ caseSensitive: true, strict: true })
  router.use(refuseOffLoopback)
  for (const operation of controlOperations) {
    const method = operation.method.toLowerCase() as 'get' | 'post' | 'put' | 'delete'
    router[method](operation.path.replace(/\{(\w+)\}/g, ':$1'), serveControl(operation, service))
  }
  return router
}

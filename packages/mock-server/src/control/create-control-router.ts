import { type RequestHandler, Router } from 'express'
import { writeAnswer } from '../http/answer.ts'
import type { Service } from '../service.ts'
import type { ControlOperation } from './control-operation.ts'
import { controlOperations } from './control-operations.ts'
import { readControlCall } from './read-control-call.ts'
import { refuseUnknown } from './refuse-unknown.ts'

const serveControl =
  (operation: ControlOperation, service: Service): RequestHandler<Record<string, string>> =>
  async (request, response) => {
    const call = await readControlCall(operation, request, response)
    const answer = call.ok ? await operation.handle(call.value, service) : call.answer
    if (operation.method !== 'GET') await service.keep(undefined)
    return writeAnswer(response, answer)
  }

/** Mounts the control API, see {@link controlOperations}; who may call it is checked before. */
export function createControlRouter(service: Service): Router {
  const router = Router({ caseSensitive: true, strict: true })
  for (const operation of controlOperations) {
    const method = operation.method.toLowerCase() as 'get' | 'post' | 'put' | 'delete'
    router[method](operation.path.replace(/\{(\w+)\}/g, ':$1'), serveControl(operation, service))
  }
  router.use(refuseUnknown(controlOperations))
  return router
}

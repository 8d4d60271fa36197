import { type RequestHandler, Router } from 'express'
import { writeServiceResponse } from '../http/response.ts'
import type { Services } from '../services.ts'
import type { ControlOperation } from './operation.ts'
import { controlOperations } from './operations.ts'
import { readControlCall, refuseUnknown } from './read-call.ts'

const serveControl =
  (operation: ControlOperation, service: Services): RequestHandler<Record<string, string>> =>
  async (request, response) => {
    const call = await readControlCall(operation, request, response)
    const answer = call.ok ? await operation.handle(call.value, service) : call.answer
    if (operation.method !== 'GET') await service.flush?.()
    return writeServiceResponse(response, answer)
  }

/** Mounts the control API, see {@link controlOperations}; who may call it is checked before. */
export function createControlRouter(service: Services): Router {
  const router = Router({ caseSensitive: true, strict: true })
  for (const operation of controlOperations) {
    const method = operation.method.toLowerCase() as 'get' | 'post' | 'put' | 'delete'
    router[method](operation.path.replace(/\{(\w+)\}/g, ':$1'), serveControl(operation, service))
  }
  router.use(refuseUnknown(controlOperations))
  return router
}

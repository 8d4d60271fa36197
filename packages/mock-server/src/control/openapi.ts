import { z } from 'zod'
import { readPackageVersion } from '../package-version.ts'
import { createControlOpenApi } from './control-openapi.ts'
import {
  type ControlOperation,
  controlPrefix,
  defineControlOperation,
} from './control-operation.ts'

/** Describes operations; the document is written when it is first asked for. */
export function toOpenApiOperation(list: () => readonly ControlOperation[]): ControlOperation {
  let document: Promise<unknown> | undefined
  return defineControlOperation({
    id: 'getOpenApi',
    method: 'GET',
    path: '/openapi.json',
    summary: 'Describes the control API as an OpenAPI 3.1 document',
    answers: { 200: z.looseObject({ openapi: z.literal('3.1.0') }) },
    async handle() {
      document ??= readPackageVersion().then(version => createControlOpenApi(list(), version))
      return { status: 200, body: await document }
    },
  })
}

/** Shows a newcomer where everything is. */
export const toIndexOperation = (list: () => readonly ControlOperation[]): ControlOperation =>
  defineControlOperation({
    id: 'getIndex',
    method: 'GET',
    path: '/',
    summary: 'Lists the calls of the control API with a line on each',
    answers: {
      200: z.object({
        name: z.literal('Sendbox'),
        version: z.string(),
        openapi: z.string(),
        calls: z.array(z.object({ call: z.string(), summary: z.string() })),
      }),
    },
    async handle() {
      const calls = list().map(({ method, path, summary }) => ({
        call: `${method} ${controlPrefix}${path === '/' ? '' : path}`,
        summary,
      }))
      const openapi = `${controlPrefix}/openapi.json`
      const version = await readPackageVersion()
      return { status: 200, body: { name: 'Sendbox', version, openapi, calls } }
    },
  })

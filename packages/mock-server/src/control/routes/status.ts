import { z } from 'zod'
import { readPackageVersion } from '../../package-file.ts'
import { testPublicJwk } from '../../tokens/test-key-pair.ts'
import { createControlOpenApi } from '../openapi.ts'
import { type ControlOperation, controlPrefix, defineControlOperation } from '../operation.ts'

export const getHealth = defineControlOperation({
  id: 'getHealth',
  method: 'GET',
  path: '/health',
  summary: 'Says that the mock runs',
  responses: { 200: z.object({ status: z.literal('ok') }) },
  handle: () => ({ status: 200, body: { status: 'ok' } }),
})

export const getReady = defineControlOperation({
  id: 'getReady',
  method: 'GET',
  path: '/ready',
  summary: 'Says whether the mock takes calls: 503 while it closes',
  responses: {
    200: z.object({ status: z.literal('ready') }),
    503: z.object({ status: z.literal('closing') }),
  },
  handle: (_call, { readiness }) =>
    readiness.isClosing
      ? { status: 503, body: { status: 'closing' } }
      : { status: 200, body: { status: 'ready' } },
})

export const getJwks = defineControlOperation({
  id: 'getJwks',
  method: 'GET',
  path: '/jwks.json',
  summary: 'Answers the public key that verifies the tokens, as a JSON Web Key Set',
  responses: { 200: z.object({ keys: z.array(z.looseObject({ kid: z.string() })) }) },
  handle: () => ({ status: 200, body: { keys: [testPublicJwk] } }),
})

export const getMetrics = defineControlOperation({
  id: 'getMetrics',
  method: 'GET',
  path: '/metrics',
  summary: "Counts calls, faults, conversations and webhooks, in Prometheus' text format",
  responses: { 200: null },
  contentType: 'text/plain',
  async handle(_call, services) {
    // prom-client is slow to load, and most mocks never render metrics.
    const { renderMetrics } = await import('../render-metrics.ts')
    const { contentType, text } = await renderMetrics(services)
    return { status: 200, bytes: Buffer.from(text), headers: { 'Content-Type': contentType } }
  },
})

/** The OpenAPI document is created on the first call. */
export function toOpenApiOperation(list: () => readonly ControlOperation[]) {
  let document: Promise<unknown> | undefined
  return defineControlOperation({
    id: 'getOpenApi',
    method: 'GET',
    path: '/openapi.json',
    summary: 'Describes the control API as an OpenAPI 3.1 document',
    responses: { 200: z.looseObject({ openapi: z.literal('3.1.0') }) },
    async handle() {
      document ??= readPackageVersion().then(version => createControlOpenApi(list(), version))
      return { status: 200, body: await document }
    },
  })
}

/** The index of the control API. */
export const toIndexOperation = (list: () => readonly ControlOperation[]) =>
  defineControlOperation({
    id: 'getIndex',
    method: 'GET',
    path: '/',
    summary: 'Lists the calls of the control API with a line on each',
    responses: {
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

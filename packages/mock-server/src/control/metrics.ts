import { defineControlOperation } from './control-operation.ts'

export const getMetrics = defineControlOperation({
  id: 'getMetrics',
  method: 'GET',
  path: '/metrics',
  summary: "Counts calls, faults, conversations and webhooks, in Prometheus' text format",
  answers: { 200: null },
  contentType: 'text/plain',
  async handle(_call, service) {
    // prom-client takes a while to load, and most mocks are never asked.
    const { renderMetrics } = await import('../render-metrics.ts')
    const { contentType, text } = await renderMetrics(service)
    return { status: 200, bytes: Buffer.from(text), headers: { 'Content-Type': contentType } }
  },
})

import { defineControlOperation } from './control-operation.ts'

export const getMetrics = defineControlOperation({
  id: 'getMetrics',
  method: 'GET',
  path: '/metrics',
  summary: "Counts calls, faults, conversations and webhooks, in Prometheus' text format",
  answers: { 200: null },
  contentType: 'text/plain',
  async handle(_call, service) {
    const { contentType, text } = await service.metrics.render(service)
    return { status: 200, bytes: Buffer.from(text), headers: { 'Content-Type': contentType } }
  },
})

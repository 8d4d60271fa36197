import { readFileSync } from 'node:fs'
import Fastify from 'fastify'

const draft07 = '../../../packages/schema/json-schema/draft-07/SendRequest.json'
const body = JSON.parse(readFileSync(new URL(draft07, import.meta.url), 'utf8'))
const app = Fastify({ ajv: { customOptions: { strict: false } } })
app.post(
  '/api/account/:accountId/messaging/consumer/conversation/send',
  { schema: { body } },
  async ({ body: { id } }) => ({ reqId: id, code: 'OK', body: { sequence: 0 } }),
)
await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' })

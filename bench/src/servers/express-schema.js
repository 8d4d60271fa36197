import express from 'express'
import { SendRequestSchema } from '../../../packages/schema/dist/index.js'

const app = express()
app.use(express.json())
app.post('/api/account/:accountId/messaging/consumer/conversation/send', (request, response) => {
  const { success, data } = SendRequestSchema.safeParse(request.body)
  if (!success) return response.status(400).json({ code: 400 })
  return response.json({ reqId: data.id, code: 'OK', body: { sequence: 0 } })
})
app.listen(Number(process.argv[2]), '127.0.0.1')

import express from 'express'

const app = express()
app.use(express.json())
app.post('/api/account/:accountId/messaging/consumer/conversation/send', (request, response) => {
  response.json(request.body)
})
app.listen(Number(process.argv[2]), '127.0.0.1')

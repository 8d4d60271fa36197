import { createServer } from 'node:http'

/** Responds to SEND immediately and proxies every other call to Sendbox, replacing its host by its own. */
const [port, sendboxUrl] = process.argv.slice(2)
const sendbox = new URL(sendboxUrl)

async function answerCall(request, response) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  const json = { 'Content-Type': 'application/json;charset=utf-8' }
  if (request.url.includes('/conversation/send')) {
    const answer = { reqId: JSON.parse(body).id, code: 'OK', body: { sequence: 0 } }
    response.writeHead(200, json)
    return response.end(JSON.stringify(answer))
  }
  const { method, headers } = request
  const { host: _, connection: __, 'content-length': ___, ...passed } = headers
  const answer = await fetch(new URL(request.url, sendbox), {
    method,
    headers: passed,
    ...(body.length > 0 && { body }),
  }).catch(() => new Response('', { status: 503 }))
  const text = await answer.text()
  response.writeHead(answer.status, json)
  return response.end(text.replaceAll(sendbox.host, `127.0.0.1:${port}`))
}

const server = createServer((request, response) => void answerCall(request, response))
server.listen(Number(port), '127.0.0.1')

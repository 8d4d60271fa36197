import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import {
  asJson,
  isJson,
  type Json,
  Refusal,
  type StandInAnswer,
  toRefusalAnswer,
} from './answer.ts'
import { createStandInConversations, type StandInConversations } from './conversations.ts'
import { createStandInFiles } from './files.ts'
import {
  answerAppToken,
  answerConsumer,
  checkAppJwt,
  readConsumer,
  standInClient,
} from './tokens.ts'

/** A way in which the stand-in is wrong. */
export type WrongWay = 'chatStatesAreNumbered' | 'closeIsSpeltOut' | 'wrongSecretIs400'

/** Stands in for production: a service that is not the mock, written from the protocol alone. */
export interface StandIn extends AsyncDisposable {
  /** The Domain API, over TLS. */
  readonly url: string
  readonly conversations: StandInConversations['all']
}

const file = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')

/** The certificate, for whoever has to trust it. */
export const standInCertificate: string = file('cert.pem')

const { accountId } = standInClient

const services = [
  'asyncMessagingEnt',
  'sentinel',
  'idp',
  'swift',
  'accountConfigReadWrite',
  'msgHist',
  'agentVep',
  'messagingRestApiDomain',
  'faasGW',
  'faasUI',
  'facadeMsg',
  'appMgmtSvcDomain',
  'agentManagerWorkspace',
]

interface Call {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly bytes: Buffer
}

type Serve = (call: Call) => StandInAnswer

/** EP-3, REQ-7, RES-7: what is checked before the body is read. */
function readBody({ query, headers, bytes }: Call): unknown {
  if (query.get('v') !== '3')
    throw new Refusal(40450, 'API version not supported', { title: 'Not Found' })
  if (!headers['content-type']?.startsWith('application/json'))
    throw new Refusal(41550, 'Content-Type must be application/json', {
      title: 'Unsupported Media Type',
    })
  try {
    return JSON.parse(bytes.toString())
  } catch {
    throw new Refusal(40050, 'Request body is not valid JSON')
  }
}

/** REQ-1. */
function checkEnvelope(request: Json): void {
  const { kind = 'req', id } = request
  if (typeof id !== 'string' && typeof id !== 'number')
    throw new Refusal(40052, '/id: expected text')
  if (kind !== 'req') throw new Refusal(40052, '/kind: expected "req"')
}

function createMessaging(conversations: StandInConversations): { send: Serve; batch: Serve } {
  const files = createStandInFiles()
  const serveAs =
    (work: (json: unknown, consumer: string) => unknown): Serve =>
    call => {
      let json: unknown
      try {
        checkAppJwt(call.headers.authorization)
        const consumer = readConsumer(call.headers['x-lp-on-behalf']?.toString())
        json = readBody(call)
        return { status: 200, body: work(json, consumer) }
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return toRefusalAnswer(error, isJson(json) ? json['id'] : undefined)
      }
    }
  const send = serveAs((json, consumer) => {
    if (Array.isArray(json)) throw new Refusal(40051, 'SEND takes one request, not an array')
    const request = asJson(json, '')
    checkEnvelope(request)
    const reqId = String(request['id'])
    const { type, body } = request
    if (type === 'ms.GenerateURLForUploadFile')
      return { code: 'OK', body: files.toUpload(asJson(body, '/body')), reqId }
    if (type === 'ms.GenerateURLForDownloadFile')
      return { code: 'OK', body: files.toDownload(asJson(body, '/body')), reqId }
    return { reqId, code: 'OK', body: conversations.act(request, consumer) }
  })
  const batch = serveAs((json, consumer) => {
    if (!Array.isArray(json) || json.length < 2)
      throw new Refusal(40059, 'Batch needs at least two requests')
    const items = json.map((item, index) => asJson(item, `/${index}`))
    const opening = items.find(({ type }) => type === 'cm.ConsumerRequestConversation')
    const { brandId } = asJson(opening?.['body'], '/1/body')
    const conversationId = conversations.open(brandId, opening?.['id'], consumer)
    const answerItem = ({ type, body }: Json): Json => {
      if (type === 'userprofile.SetUserProfile') return { msg: 'OK User Profile set successfully' }
      if (type === 'cm.ConsumerRequestConversation') return { conversationId }
      const { event } = asJson(body, '/2/body')
      return { sequence: conversations.publish(event, conversationId) }
    }
    return items.map(item => ({
      code: 'OK',
      body: answerItem(item),
      reqId: `${item['id'] as string | number}`,
    }))
  })
  return {
    send: call =>
      call.path.startsWith('/v1/')
        ? files.transfer(call.method, call.path, call.query, call.bytes)
        : send(call),
    batch,
  }
}

/** EP-13, EP-14. */
const serveConsumer: Serve = ({ headers, bytes }) => {
  try {
    checkAppJwt(headers.authorization)
    const { ext_consumer_id: id } = asJson(JSON.parse(bytes.toString()), '')
    if (typeof id !== 'string' || id === '')
      throw new Refusal(40052, '/ext_consumer_id: expected text')
    return answerConsumer(id)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return toRefusalAnswer(error, undefined)
  }
}

/** EP-5, EP-6, EP-7. */
const serveDomains =
  (hostOf: (service: string) => string): Serve =>
  ({ path, query }) => {
    const [, name] = /\/service\/(?:(\w+)\/)?baseURI(?:\.json)?$/.exec(path) ?? []
    if (query.get('version') !== '1.0') return { status: 400, body: {} }
    const toUri = (service: string) => ({
      service,
      account: accountId,
      baseURI: hostOf(service),
    })
    if (name === undefined) return { status: 200, body: { baseURIs: services.map(toUri) } }
    return services.includes(name) ? { status: 200, body: toUri(name) } : { status: 404, body: {} }
  }

const form = (call: Call): URLSearchParams =>
  new URLSearchParams(call.headers['content-type']?.includes('form') ? call.bytes.toString() : '')

async function answer(request: IncomingMessage, response: ServerResponse, serve: Serve) {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://localhost')
  const { method = 'GET', headers } = request
  const call = {
    method,
    path: pathname,
    query: searchParams,
    headers,
    bytes: await buffer(request),
  }
  const { status, body } = serve(call)
  const bytes = Buffer.isBuffer(body)
    ? body
    : Buffer.from(body === undefined ? '' : JSON.stringify(body))
  const type = Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json;charset=utf-8'
  response.writeHead(status, { 'content-type': type, 'content-length': bytes.length }).end(bytes)
}

async function listen(serve: Serve): Promise<Server> {
  const server = createServer({ key: file('key.pem'), cert: standInCertificate }, (req, res) => {
    answer(req, res, serve).catch((error: unknown) => res.writeHead(500).end(String(error)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** Starts the stand-in on two ports: the Domain API with the tokens, and messaging with the files. */
export async function startStandIn(wrong: readonly WrongWay[] = []): Promise<StandIn> {
  const conversations = createStandInConversations({
    areChatStatesNumbered: wrong.includes('chatStatesAreNumbered'),
    isCloseSpeltOut: wrong.includes('closeIsSpeltOut'),
  })
  const { send, batch } = createMessaging(conversations)
  const account = `/api/account/${accountId}`
  const messaging = await listen(call => {
    const { path } = call
    if (path === `${account}/messaging/consumer/conversation`) return batch(call)
    if (path === `${account}/messaging/consumer/conversation/send` || path.startsWith('/v1/'))
      return send(call)
    return { status: 404 }
  })
  const portOf = (server: Server): number => (server.address() as AddressInfo).port
  const isMessaging = (service: string): boolean =>
    service === 'asyncMessagingEnt' || service === 'swift'
  const domains = serveDomains(
    service => `localhost:${portOf(isMessaging(service) ? messaging : front)}`,
  )
  const front: Server = await listen(call => {
    const { path, query } = call
    if (path === `/sentinel${account}/app/token`)
      return answerAppToken(query, form(call), wrong.includes('wrongSecretIs400'))
    if (path === `${account}/consumer`) return serveConsumer(call)
    return path.startsWith(`${account}/service/`) ? domains(call) : { status: 404 }
  })
  return {
    url: `https://localhost:${portOf(front)}`,
    conversations: conversations.all,
    async [Symbol.asyncDispose]() {
      for (const server of [front, messaging]) {
        server.closeAllConnections()
        server.close()
        await once(server, 'close')
      }
    },
  }
}

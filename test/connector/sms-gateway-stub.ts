import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { Pool } from 'undici'

/** A text as a phone has sent or received it. */
interface SeenText {
  readonly direction: 'sent' | 'received'
  readonly text: string
}

/** An SMS as the connector posts it. */
interface PostedSms {
  readonly id: string
  readonly to: string
  readonly text: string
}

/** How an SMS for a phone fails: it is refused, or it is accepted and the response is lost. */
type GatewayFault = 'refuse' | 'loseAnswer'

/** A gateway of the imaginary kind that the example connector is made for, with all its phones. */
export class SmsGatewayStub {
  /** Number of duplicate SMS. */
  repeats = 0
  readonly #server = createServer((request, response) => void this.#take(request, response))
  readonly #seen = new Map<string, SeenText[]>()
  readonly #ids = new Map<string, string[]>()
  readonly #taken = new Set<string>()
  readonly #faults: GatewayFault[] = []
  readonly #news = new EventEmitter()
  #connector: Pool | undefined
  #lastId = 0

  /** Says where the connector listens; what is posted goes over one connection, and so arrives in order. */
  connect(connectorUrl: string): void {
    this.#connector = new Pool(connectorUrl, { connections: 1, pipelining: 100 })
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/messages`
  }

  /** Messages that a phone has sent and received, in order. */
  seenBy(phone: string): readonly SeenText[] {
    return this.#seen.get(phone) ?? []
  }

  /** The ids of what a phone has received, in its order. */
  idsAt(phone: string): readonly string[] {
    return this.#ids.get(phone) ?? []
  }

  /** Goes wrong with the next SMS for phones, one fault each. */
  fail(...faults: readonly GatewayFault[]): void {
    this.#faults.push(...faults)
  }

  /**
   * Sends a text from a phone: posts it `times` times concurrently, and again until the connector accepts it. Resolves with the statuses.
   */
  async send(phone: string, text: string, { times = 1 } = {}): Promise<number[]> {
    const post = this.prepare(phone, text)
    const statuses: number[] = []
    while (!statuses.includes(204) && statuses.length < 10)
      statuses.push(...(await Promise.all(Array.from({ length: times }, post))))
    return statuses
  }

  /** Lets a phone send a text, and gives what posts it to the connector once. */
  prepare(phone: string, text: string): () => Promise<number> {
    this.#note(phone, { direction: 'sent', text })
    this.#lastId += 1
    const sms = { id: `in-${this.#lastId}`, from: phone, text }
    return () => this.post('/sms', JSON.stringify(sms))
  }

  report(id: string, status: string): Promise<number> {
    return this.post('/sms/reports', JSON.stringify({ id, status }))
  }

  /** Posts anything to the connector, and gives the status of its answer. */
  async post(path: string, body: string): Promise<number> {
    if (this.#connector === undefined) throw new Error('The gateway is not connected')
    const pipelined = { idempotent: true, blocking: false }
    const answer = await this.#connector.request({ method: 'POST', path, body, ...pipelined })
    await answer.body.dump()
    return answer.statusCode
  }

  /** Resolves once a phone has received so many texts in all. */
  async received(phone: string, count: number): Promise<void> {
    while (this.idsAt(phone).length < count) await once(this.#news, 'received')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connector?.destroy()
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  #note(phone: string, seen: SeenText): void {
    this.#seen.set(phone, [...this.seenBy(phone), seen])
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { id, to, text } = (await json(request)) as PostedSms
    const fault = this.#faults.shift()
    if (fault === 'refuse') {
      response.writeHead(503).end()
      return
    }
    if (this.#taken.has(id)) this.repeats += 1
    else {
      this.#taken.add(id)
      this.#ids.set(to, [...this.idsAt(to), id])
      this.#note(to, { direction: 'received', text })
    }
    if (fault === 'loseAnswer') response.destroy()
    else response.writeHead(202).end()
    this.#news.emit('received')
  }
}

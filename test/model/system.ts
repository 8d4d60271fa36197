import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type MockServer, type SettingsInput, startMockServer } from '@sendbox/mock-server'
import { Pool } from 'undici'

export const accountId = '12345678'

/** Time of the clock at the start of a run. */
export const startMs = Date.UTC(2026, 10, 3, 4, 5, 6, 7)

/** An answer, or that the connection ended without a whole one. */
export type Received =
  | { readonly isLost: true }
  | {
      readonly isLost: false
      readonly status: number
      readonly text: string
      readonly json: unknown
    }

/** One HTTP call as it goes out. */
interface Outgoing {
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly bytes?: string
}

/** A place for a file, as the mock gave it. */
interface FilePlace {
  readonly relativePath: string
  readonly queryParams: Readonly<Record<string, string>>
}

export type RestartWay = 'stop' | 'crash'

/** Intercepts the responses of the mock; may falsify them, to show that a run notices. */
export type Meddle = (received: Received, outgoing: Outgoing) => Received

/** How the mock is run. */
interface SystemOptions {
  /** Falsifies answers. @default none */
  readonly meddle?: Meddle | undefined
  /** Whether it has a data folder, and so can be started again. @default false */
  readonly isKept?: boolean
}

/** A running mock, and what was learnt from it. */
export interface System extends AsyncDisposable {
  readonly server: MockServer
  call(outgoing: Outgoing): Promise<Received>
  /**
   * Starts the mock again on its data folder: after it was stopped, or on what was on disk while it ran, as after a crash. Does nothing
   * where it has none.
   */
  restart(way: RestartWay): Promise<void>
  /** The AppJWT, and when it ends, in seconds since the epoch. */
  appJwt: { readonly token: string; readonly exp: number }
  readonly foreignAppJwt: string
  readonly foreignConsumerJws: string
  readonly consumerJws: string[]
  readonly consumerIds: readonly string[]
  readonly places: FilePlace[]
  readonly downloads: FilePlace[]
}

export const consumers = ['zoe', 'yan', '__proto__'] as const

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The claims of a token. */
export const claimsOf = (token: string): Readonly<Record<string, unknown>> =>
  parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>

async function callOver(
  pool: Pool,
  { method = 'POST', path: target, headers, json, bytes }: Outgoing,
): Promise<Received> {
  const body = bytes ?? (json === undefined ? null : JSON.stringify(json))
  const contentType = json !== undefined && { 'Content-Type': 'application/json' }
  try {
    const answer = await pool.request({
      method,
      path: target,
      headers: { ...contentType, ...headers },
      body,
    })
    const text = await answer.body.text()
    return { isLost: false, status: answer.statusCode, text, json: parse(text) }
  } catch {
    return { isLost: true }
  }
}

/** A mock with a frozen clock that can be restarted. */
class RestartableMock {
  readonly #settings: SettingsInput
  readonly #folder: string | undefined
  #starts = 0
  #running: { readonly server: MockServer; readonly pool: Pool } | undefined

  constructor(settings: SettingsInput, folder: string | undefined) {
    this.#settings = settings
    this.#folder = folder
  }

  get running() {
    if (this.#running === undefined) throw new Error('The mock was not started')
    return this.#running
  }

  async start(): Promise<void> {
    const data = this.#folder && `${this.#folder}/${this.#starts}`
    const options = { settings: this.#settings, now: () => startMs, seed: 'model' }
    const server = await startMockServer({ ...options, ...(data && { data }) })
    this.#running = { server, pool: new Pool(server.url, { connections: 16 }) }
  }

  async restart(way: RestartWay): Promise<void> {
    if (this.#folder === undefined) return
    const [from, to] = [this.#starts, this.#starts + 1].map(place => `${this.#folder}/${place}`)
    if (way === 'crash' && from && to) {
      await cp(from, to, { recursive: true })
      this.#starts += 1
    }
    await this.stop()
    await this.start()
  }

  async stop(): Promise<void> {
    await this.running.pool.destroy()
    await this.running.server.close()
  }
}

/** Starts a mock with a frozen clock. */
export async function startSystem(
  settings: SettingsInput,
  { meddle = received => received, isKept = false }: SystemOptions = {},
): Promise<System> {
  const folder = isKept ? await mkdtemp(path.join(tmpdir(), 'sendbox-model-')) : undefined
  const mock = new RestartableMock(settings, folder)
  await mock.start()
  const { server } = mock.running
  const account = server.account(accountId)
  const pairs = await Promise.all(consumers.map(name => account.tokens(name)))
  const foreign = await server.account('87654321').tokens(consumers[0])
  const consumerJws = pairs.map(pair => pair.consumerJws)
  const [{ appJwt } = { appJwt: '' }] = pairs
  return {
    get server() {
      return mock.running.server
    },
    call: async outgoing => meddle(await callOver(mock.running.pool, outgoing), outgoing),
    restart: way => mock.restart(way),
    appJwt: { token: appJwt, exp: Math.floor(startMs / 1000) + 3600 },
    foreignAppJwt: foreign.appJwt,
    foreignConsumerJws: foreign.consumerJws,
    consumerJws,
    consumerIds: consumerJws.map(token => String(claimsOf(token)['lp_consumer_id'])),
    places: [],
    downloads: [],
    [Symbol.asyncDispose]: async () => {
      await mock.stop()
      if (folder) await rm(folder, { recursive: true })
    },
  }
}

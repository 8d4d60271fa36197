import { type MockServer, type SettingsInput, startMockServer } from '@sendbox/mock-server'
import { Pool } from 'undici'

export const accountId = '12345678'

/** Where the clock stands when a run begins. */
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

/** Stands between a run and the mock; it may falsify answers, to show that a run notices. */
export type Meddle = (received: Received, outgoing: Outgoing) => Received

/** A running mock, and what was learnt from it. */
export interface System extends AsyncDisposable {
  readonly server: MockServer
  call(outgoing: Outgoing): Promise<Received>
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

const toCall =
  (pool: Pool, meddle: Meddle): System['call'] =>
  async outgoing => {
    const { method = 'POST', path, headers, json, bytes } = outgoing
    const body = bytes ?? (json === undefined ? null : JSON.stringify(json))
    const contentType = json !== undefined && { 'Content-Type': 'application/json' }
    try {
      const answer = await pool.request({
        method,
        path,
        headers: { ...contentType, ...headers },
        body,
      })
      const text = await answer.body.text()
      const received = {
        isLost: false,
        status: answer.statusCode,
        text,
        json: parse(text),
      } as const
      return meddle(received, outgoing)
    } catch {
      return meddle({ isLost: true }, outgoing)
    }
  }

/** Starts a mock whose clock moves only when it is told to. */
export async function startSystem(
  settings: SettingsInput,
  meddle: Meddle = received => received,
): Promise<System> {
  const server = await startMockServer({ settings, now: () => startMs, seed: 'model' })
  const pool = new Pool(server.url, { connections: 16 })
  const account = server.account(accountId)
  const pairs = await Promise.all(consumers.map(name => account.tokens(name)))
  const foreign = await server.account('87654321').tokens(consumers[0])
  const consumerJws = pairs.map(pair => pair.consumerJws)
  const [{ appJwt } = { appJwt: '' }] = pairs
  return {
    server,
    call: toCall(pool, meddle),
    appJwt: { token: appJwt, exp: Math.floor(startMs / 1000) + 3600 },
    foreignAppJwt: foreign.appJwt,
    foreignConsumerJws: foreign.consumerJws,
    consumerJws,
    consumerIds: consumerJws.map(token => String(claimsOf(token)['lp_consumer_id'])),
    places: [],
    downloads: [],
    [Symbol.asyncDispose]: async () => {
      await pool.destroy()
      await server.close()
    },
  }
}

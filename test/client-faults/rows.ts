import type { ClientErrorCode } from '@sendbox/client'
import type { FaultInput } from '@sendbox/mock-server'
import type { FaultedCallName } from './calls.ts'

/** The codes that a fault of the service leads to; the others have their cause in the client. */
export type FaultCode = Extract<
  ClientErrorCode,
  'API_ERROR' | 'TOKEN_REFUSED' | 'INVALID_RESPONSE' | 'CONNECTION_FAILED' | 'TIMEOUT'
>

/** How a call ends under a fault that acts on each of its attempts. */
export interface FaultEnd {
  /** Absent where the call does what it is for. */
  readonly code?: FaultCode
  readonly isRetryable?: boolean
  readonly outcomeUnknown?: boolean
  readonly attempts: number
  /** Waits between the attempts. */
  readonly waitsMs: readonly number[]
  /** How many times the mock did what an attempt asked for. */
  readonly done: number
  /** Value that the call resolves with, if it is not the usual one. */
  readonly result?: unknown
}

/** A fault, and how calls end under it. */
export interface FaultRow {
  readonly action: FaultInput['action']
  /** The client's `headersTimeoutMs`, where a call has to wait until it is over. */
  readonly headersTimeoutMs?: number
  /** Of a call that adds something, which is never repeated where its outcome is unknown. */
  readonly adds: FaultEnd
  /** Of every other call. */
  readonly others: FaultEnd
  /** Of calls that end otherwise. */
  readonly except?: Readonly<Partial<Record<FaultedCallName, FaultEnd>>>
}

type FaultEnds = Pick<FaultRow, 'adds' | 'others'>

const kept: FaultEnd = { attempts: 1, waitsMs: [], done: 1 }
const refused: FaultEnd = {
  code: 'API_ERROR',
  isRetryable: false,
  outcomeUnknown: false,
  attempts: 1,
  waitsMs: [],
  done: 0,
}
const always = (end: FaultEnd): FaultEnds => ({ adds: end, others: end })

/** Rule of section 8: three repeats, 5, 10 and 15 s apart, but none of what would add something twice. */
const lost = (code: FaultCode, done: number, waitsMs = [5_000, 10_000, 15_000]): FaultEnds => ({
  adds: { code, isRetryable: false, outcomeUnknown: true, attempts: 1, waitsMs: [], done },
  others: { code, isRetryable: true, outcomeUnknown: false, attempts: 4, waitsMs, done },
})

const unreadable = (done: number): FaultEnds => {
  const end: FaultEnd = { ...refused, code: 'INVALID_RESPONSE', done }
  return { adds: { ...end, outcomeUnknown: true }, others: end }
}

const tooMany = (waitsMs: readonly number[]): FaultEnds =>
  always({ ...refused, isRetryable: true, attempts: 4, waitsMs })

/** Rule: EP-12. */
const tokenRefused = { 'sendText, its AppJWT': { ...refused, code: 'TOKEN_REFUSED' } } as const

/** Rules CON-4 and LIF-5: what was done before is refused, though it was this call that did it. */
const refusedTheSecondTime = {
  openConversation: { ...refused, done: 1 },
  close: { ...refused, done: 1 },
}

/** Rule of section 8: of these answers the client needs the status alone. */
const acknowledged: FaultEnd = { ...kept, done: 0 }

/** undici keeps it to a second. */
const shortMs = 1000

/** Every action of a fault, and what it leads to; the names say what the caller sees. */
export const faultRows = {
  'an answer that is late': { action: { delayMs: 20 }, ...always(kept) },
  'an answer that is late by chance': {
    action: { delayMs: { uniform: [1, 20] } },
    ...always(kept),
  },
  'an answer that is too late': {
    action: { delayMs: 2_500 },
    headersTimeoutMs: shortMs,
    ...lost('TIMEOUT', 1),
  },
  'no answer at all': { action: { hang: true }, headersTimeoutMs: shortMs, ...lost('TIMEOUT', 0) },
  'status 204': {
    action: { status: 204 },
    ...unreadable(0),
    except: {
      'sendFile, its upload': acknowledged,
      setProfile: acknowledged,
      rate: acknowledged,
      close: acknowledged,
    },
  },
  'status 302': {
    action: { status: 302, headers: { Location: 'http://127.0.0.1/' } },
    ...always(refused),
  },
  'status 400': { action: { status: 400 }, ...always(refused), except: tokenRefused },
  'status 401': {
    action: { status: 401 },
    ...always({ ...refused, isRetryable: true, attempts: 2 }),
    except: tokenRefused,
  },
  'status 403 of a proxy': {
    action: { status: 403, body: { blocked: true } },
    ...always(refused),
  },
  'status 404': { action: { status: 404 }, ...always(refused) },
  'status 429': { action: { status: 429 }, ...tooMany([1_000, 2_000, 4_000]) },
  'status 429 that asks for 7 s': {
    action: { status: 429, headers: { 'Retry-After': '7' } },
    ...tooMany([7_000, 7_000, 7_000]),
  },
  'status 500': { action: { status: 500 }, ...lost('API_ERROR', 0) },
  'status 502 in HTML': {
    action: {
      status: 502,
      body: '<h1>Bad Gateway</h1>',
      headers: { 'Content-Type': 'text/html' },
    },
    ...lost('API_ERROR', 0),
  },
  'status 503': { action: { status: 503 }, ...lost('API_ERROR', 0) },
  'status 503 that asks for 12 s': {
    action: { status: 503, headers: { 'Retry-After': '12' } },
    ...lost('API_ERROR', 0, [12_000, 12_000, 15_000]),
  },
  'a connection that is reset': { action: { reset: true }, ...lost('CONNECTION_FAILED', 0) },
  'half an answer': { action: { truncate: true }, ...lost('CONNECTION_FAILED', 1) },
  'an answer that is not JSON': {
    action: { malformed: true },
    ...unreadable(1),
    except: {
      setProfile: kept,
      rate: kept,
      close: kept,
      // Their answers are no JSON by themselves.
      'sendFile, its upload': kept,
      downloadFile: {
        ...kept,
        result: Buffer.from('{"sendbox":"malformed').toString('base64'),
      },
    },
  },
  'an answer that is lost': { action: { loseAnswer: true }, ...lost('CONNECTION_FAILED', 1) },
  'a call that is doubled on its way': {
    action: { applyTwice: true },
    adds: { ...kept, done: 2 },
    others: kept,
    except: refusedTheSecondTime,
  },
  'a call that is doubled, and its answer lost': {
    action: { applyTwice: true, loseAnswer: true },
    ...lost('CONNECTION_FAILED', 2),
    except: { openConversation: lost('CONNECTION_FAILED', 1).adds },
  },
} as const satisfies Readonly<Record<string, FaultRow>>

/** Every action that a fault can have, with rows for it; the compiler asks for one when an action is added. */
export const rowsByAction: Readonly<
  Record<keyof FaultInput['action'], readonly (keyof typeof faultRows)[]>
> = {
  delayMs: [
    'an answer that is late',
    'an answer that is late by chance',
    'an answer that is too late',
  ],
  status: [
    'status 204',
    'status 302',
    'status 400',
    'status 401',
    'status 404',
    'status 429',
    'status 500',
    'status 503',
  ],
  body: ['status 403 of a proxy', 'status 502 in HTML'],
  headers: ['status 429 that asks for 7 s', 'status 503 that asks for 12 s'],
  reset: ['a connection that is reset'],
  hang: ['no answer at all'],
  truncate: ['half an answer'],
  malformed: ['an answer that is not JSON'],
  loseAnswer: ['an answer that is lost'],
  applyTwice: ['a call that is doubled on its way', 'a call that is doubled, and its answer lost'],
}

/** How a call ends under a fault. */
export function toEnd(
  row: FaultRow,
  callName: FaultedCallName,
  effect: 'adds' | 'sets' | 'step',
): FaultEnd {
  return row.except?.[callName] ?? (effect === 'adds' ? row.adds : row.others)
}

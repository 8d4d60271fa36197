import type { RuleId } from '@sendbox/schema'
import { expect } from 'vitest'
import { refusals } from './refusals.ts'
import type { Answer, World, WorldOptions } from './world.ts'

/** A call on the mock; what it takes from the running world it reads there. */
export type Request = (world: World) => Promise<Answer>

/** An assertion on a response. */
export interface Expectation {
  (answer: Answer, world: World): void | Promise<void>
  /** True for an assertion on the status alone, which shows no effect. */
  readonly isStatusOnly?: true
}

/** A request with all that is expected of its answer. */
export type Step = readonly [Request, Expectation, ...Expectation[]]

/** One statement of a rule as calls on a mock of its own, and what they must be answered with. */
export interface Row extends WorldOptions {
  readonly rule: RuleId
  /** The statement that the row shows, as the end of a test's name. */
  readonly sentence: string
  readonly steps: readonly [Step, ...Step[]]
}

/** A value, or what it is in the running world. */
type InWorld<Value> = Value | ((world: World) => Value)

const valueIn = <Value>(value: InWorld<Value>, world: World): Value =>
  typeof value === 'function' ? (value as (world: World) => Value)(world) : value

/** Expects this status and, where it is given, exactly this JSON. */
export function answers(status: number, body?: InWorld<unknown>): Expectation {
  const expectation = (answer: Answer, world: World): void => {
    const expected = body === undefined ? answer.json : valueIn(body, world)
    expect({ status: answer.status, body: answer.json }).toEqual({ status, body: expected })
  }
  return body === undefined
    ? Object.assign(expectation, { isStatusOnly: true as const })
    : expectation
}

/** Expects this status and exactly these bytes. */
export const answersText =
  (status: number, text: InWorld<string>): Expectation =>
  (answer, world) => {
    expect({ status: answer.status, text: answer.text }).toEqual({
      status,
      text: valueIn(text, world),
    })
  }

/** Expects status 200 and JSON that has at least this. */
export const shows =
  (shape: InWorld<object>): Expectation =>
  (answer, world) => {
    expect({ status: answer.status, body: answer.json }).toMatchObject({
      status: 200,
      body: valueIn(shape, world),
    })
  }

/** Expects JSON without this field. */
export const hasNo =
  (name: string): Expectation =>
  answer => {
    expect(answer.json).not.toHaveProperty(name)
  }

/** Expects a header with this value; `undefined` for none. */
export const hasHeader =
  (name: string, value: string | undefined): Expectation =>
  answer => {
    expect(answer.headers.get(name)).toEqual(value ?? null)
  }

/** Expects the whole answer of SEND to a request with the id 1. */
export const succeeds = (body: object): Expectation =>
  answersText(200, JSON.stringify({ reqId: '1', code: 'OK', body }))

/** Expects that a publish took this number. */
export const takes = (sequence: number): Expectation => succeeds({ sequence })

/** How a refusal differs from the entry of its code. */
interface RefusalOptions {
  /** @default that of the code */
  readonly status?: number
  /** @default those of the code; text that it must begin with where that ends in `…` */
  readonly details?: string
  /**
   * `null` for none.
   * @default '1', and none where the code is that of a body that could not be read, or for authorization
   */
  readonly reqId?: string | null
}

/** Expects exactly the error of this code. Rules: AUTH-5, RES-6. */
export const refuses =
  (errorCode: keyof typeof refusals, options: RefusalOptions = {}): Expectation =>
  answer => {
    const entry = refusals[errorCode]
    const { reqId = 'isUnread' in entry ? null : '1' } = options
    const status = options.status ?? entry.status
    const details = options.details ?? entry.details
    expect({ status: answer.status, body: answer.json }).toEqual({
      status,
      body: {
        kind: 'resp',
        ...(reqId !== null && { reqId }),
        code: status,
        body: {
          title: entry.title,
          details: details.endsWith('…')
            ? expect.stringMatching(startingWith(details.slice(0, -1)))
            : details,
          errorCode,
        },
        type: '.ReqBody$ErrorResp',
      },
    })
  }

const startingWith = (text: string): RegExp =>
  new RegExp(`^${text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')}.`)

/** Expects 40052 for the value at this JSON Pointer. Rule: RES-7. */
export const refusesAt = (pointer: string, reqId: string | null = '1'): Expectation =>
  refuses(40052, { details: `${pointer}: expected …`, reqId })

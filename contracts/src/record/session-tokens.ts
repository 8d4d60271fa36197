import type { CallStep } from '../traces/trace.ts'
import type { Secrets } from '../verify/secrets.ts'
import { parseJson, type RecordedCall } from './recorded-call.ts'

/** Who a call is from, as a trace says it. */
type Caller = Pick<CallStep, 'consumer' | 'appJwt' | 'consumerJws'>

/** Knows consumers by their tokens, so that no token need be kept. */
export interface SessionTokens {
  /** Learns from a call that hands out a token. */
  learn(call: RecordedCall): void
  callerOf(call: RecordedCall): Caller
}

const errorCodeOf = (json: unknown): unknown =>
  (json as { body?: { errorCode?: unknown } } | undefined)?.body?.errorCode

const bare = (token: string): string => token.replace(/^Bearer /, '')

/** Knows no token yet; what it learns, no trace may show. */
export function createSessionTokens(secrets: Secrets): SessionTokens {
  const consumers = new Map<string, string>()
  const labels = new Map<string, string>()
  const labelOf = (key: string): string => {
    const label =
      labels.get(key) ?? (labels.size === 0 ? 'consumer' : `consumer-${labels.size + 1}`)
    labels.set(key, label)
    return label
  }
  return {
    learn({ operationId, request, answer }) {
      const json = parseJson(answer.bytes)
      secrets.learn(json)
      if (operationId === 'appToken') {
        const { searchParams } = new URL(request.path, 'http://localhost')
        const form = new URLSearchParams(request.bytes.toString())
        secrets.add(searchParams.get('client_secret') ?? form.get('client_secret') ?? undefined)
      }
      if (operationId !== 'consumer' || answer.status !== 201) return
      const { ext_consumer_id: id } = (parseJson(request.bytes) ?? {}) as Record<string, unknown>
      const { token } = (json ?? {}) as { readonly token?: string }
      if (token !== undefined) consumers.set(token, labelOf(String(id)))
    },
    callerOf({ request, answer }) {
      const { authorization, 'x-lp-on-behalf': onBehalf } = request.headers
      const errorCode = errorCodeOf(parseJson(answer.bytes))
      if (authorization === undefined) return { consumer: 'consumer', appJwt: 'missing' }
      secrets.add(bare(authorization))
      if (errorCode === 40102) return { consumer: 'consumer', appJwt: 'broken' }
      if (onBehalf === undefined) return { consumer: 'consumer', consumerJws: 'missing' }
      secrets.add(onBehalf)
      const known = consumers.get(onBehalf)
      if (known === undefined && errorCode === 40103)
        return { consumer: 'consumer', consumerJws: 'broken' }
      const label = known ?? labelOf(onBehalf)
      consumers.set(onBehalf, label)
      return { consumer: label }
    },
  }
}

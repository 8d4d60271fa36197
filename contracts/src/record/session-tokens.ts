import { errorCodes } from '@sendbox/schema'
import { findErrorCode } from '../find-operation.ts'
import { parseJson } from '../json.ts'
import type { Secrets } from '../secrets.ts'
import type { CallStep } from '../traces/trace.ts'
import type { RecordedCall } from './check-call.ts'

/** The caller of a step of a trace. */
type Caller = Pick<CallStep, 'consumer' | 'appJwt' | 'consumerJws'>

/** Maps tokens to consumers. */
export interface SessionTokens {
  /** Adds the token in a response, and the secret in a request. */
  learn(call: RecordedCall): void
  callerOf(call: RecordedCall): Caller
}

const withoutScheme = (token: string): string => token.replace(/^Bearer /, '')

/** Creates an empty map; every token is added to the secrets, too. */
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
    learn({ operationId, request, response }) {
      const json = parseJson(response.bytes)
      secrets.learn(json)
      if (operationId === 'appToken') {
        const { searchParams } = new URL(request.path, 'http://localhost')
        const form = new URLSearchParams(request.bytes.toString())
        secrets.add(searchParams.get('client_secret') ?? form.get('client_secret') ?? undefined)
      }
      if (operationId !== 'consumer' || response.status !== 201) return
      const { ext_consumer_id: id } = (parseJson(request.bytes) ?? {}) as Record<string, unknown>
      const { token } = (json ?? {}) as { readonly token?: string }
      if (token !== undefined) consumers.set(token, labelOf(String(id)))
    },
    callerOf({ request, response }) {
      const { authorization, 'x-lp-on-behalf': onBehalf } = request.headers
      const errorCode = findErrorCode(parseJson(response.bytes))
      if (authorization === undefined) return { consumer: 'consumer', appJwt: 'missing' }
      secrets.add(withoutScheme(authorization))
      if (errorCode === errorCodes.invalidAppJwt) return { consumer: 'consumer', appJwt: 'broken' }
      if (onBehalf === undefined) return { consumer: 'consumer', consumerJws: 'missing' }
      secrets.add(onBehalf)
      const known = consumers.get(onBehalf)
      if (known === undefined && errorCode === errorCodes.invalidConsumerJws)
        return { consumer: 'consumer', consumerJws: 'broken' }
      const label = known ?? labelOf(onBehalf)
      consumers.set(onBehalf, label)
      return { consumer: label }
    },
  }
}

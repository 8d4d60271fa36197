import { errorCodes } from '@sendbox/schema'
import { findErrorCode } from '../find-operation.ts'
import { parseJson } from '../json.ts'
import type { Secrets } from '../secrets.ts'
import type { CallStep } from '../traces/trace.ts'
import type { RecordedCall } from './check-call.ts'

/** The caller of a step of a trace. */
type Caller = Pick<CallStep, 'consumer' | 'appJwt' | 'consumerJws'>

/** The credentials behind a scheme, such as `Bearer`. */
const withoutScheme = (token: string): string => token.replace(/^\s*\w+\s+/, '')

/** Maps tokens to consumers; every token is added to the secrets, too. */
export class SessionTokens {
  readonly #secrets: Secrets
  readonly #consumers = new Map<string, string>()
  readonly #labels = new Map<string, string>()

  constructor(secrets: Secrets) {
    this.#secrets = secrets
  }

  /** Adds the token in a response, and the secret in a request. */
  learn({ operationId, request, response }: RecordedCall): void {
    const json = parseJson(response.bytes)
    this.#secrets.learn(json)
    if (operationId === 'appToken') {
      const { searchParams } = new URL(request.path, 'http://localhost')
      const form = new URLSearchParams(request.bytes.toString())
      for (const parameters of [searchParams, form])
        for (const secret of parameters.getAll('client_secret')) this.#secrets.add(secret)
      const basic = withoutScheme(request.headers['authorization'] ?? '')
      this.#secrets.add(basic)
      this.#secrets.add(
        Buffer.from(basic, 'base64')
          .toString()
          .replace(/^[^:]*:/, ''),
      )
    }
    if (operationId !== 'consumer' || response.status !== 201) return
    const { ext_consumer_id: id } = (parseJson(request.bytes) ?? {}) as Record<string, unknown>
    const { token } = (json ?? {}) as { readonly token?: string }
    if (token !== undefined) this.#consumers.set(token, this.#labelOf(String(id)))
  }

  callerOf({ request, response }: RecordedCall): Caller {
    const { authorization, 'x-lp-on-behalf': onBehalf } = request.headers
    const errorCode = findErrorCode(parseJson(response.bytes))
    if (authorization === undefined) return { consumer: 'consumer', appJwt: 'missing' }
    this.#secrets.add(withoutScheme(authorization))
    if (errorCode === errorCodes.invalidAppJwt) return { consumer: 'consumer', appJwt: 'broken' }
    if (onBehalf === undefined) return { consumer: 'consumer', consumerJws: 'missing' }
    this.#secrets.add(onBehalf)
    const known = this.#consumers.get(onBehalf)
    if (known === undefined && errorCode === errorCodes.invalidConsumerJws)
      return { consumer: 'consumer', consumerJws: 'broken' }
    const label = known ?? this.#labelOf(onBehalf)
    this.#consumers.set(onBehalf, label)
    return { consumer: label }
  }

  #labelOf(key: string): string {
    const labels = this.#labels
    const label =
      labels.get(key) ?? (labels.size === 0 ? 'consumer' : `consumer-${labels.size + 1}`)
    labels.set(key, label)
    return label
  }
}

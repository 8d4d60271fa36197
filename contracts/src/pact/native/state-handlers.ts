import type { MockServer } from '@sendbox/mock-server'
import { type FileUrl, GenerateUrlResponseSchema, operations, toPath } from '@sendbox/schema'
import { request as send } from 'undici'
import { z } from 'zod'
import type { FileUrlRequest } from '../placeholders.ts'
import {
  type ProviderState,
  type ProviderStateParams,
  type ProviderStateValues,
  providerStates,
} from '../states.ts'

/** Brings the provider into a state, and out of it. */
export interface StateHandler {
  /** Resolves with what the interaction needs to know. */
  setUp(params: ProviderStateParams): Promise<ProviderStateValues>
  tearDown(params: ProviderStateParams): Promise<void>
}

const ValuesSchema = z.record(z.string(), z.string())

/** The handler of each provider state, for a mock: its control API brings them about. */
export function createStateHandlers({
  url,
}: Pick<MockServer, 'url'>): Record<ProviderState, StateHandler> {
  const change = async (
    state: ProviderState,
    params: ProviderStateParams,
    action: 'setup' | 'teardown',
  ): Promise<ProviderStateValues> => {
    const { statusCode, body } = await send(`${url}/__sendbox/provider-states`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ state, params, action }),
    })
    const answer: unknown = await body.json()
    if (statusCode !== 200)
      throw new Error(`the mock answered ${statusCode} ${JSON.stringify(answer)}`)
    return ValuesSchema.parse(answer)
  }
  const toHandler = (state: ProviderState): StateHandler => ({
    setUp: params => change(state, params, 'setup'),
    async tearDown(params) {
      await change(state, params, 'teardown')
    },
  })
  const entries = Object.values(providerStates).map(state => [state, toHandler(state)])
  return Object.fromEntries(entries) as Record<ProviderState, StateHandler>
}

/** Where SEND is, and as whom it is called. */
interface FileUrlService {
  readonly url: string
  readonly accountId: string
  readonly tokens: { readonly appJwt: string; readonly consumerJws: string }
}

/** Asks a service where a file may be put, or fetched from; rejects where it refuses. Rules: URL-1, URL-2, URL-3. */
export async function askFileUrl(
  { url, accountId, tokens }: FileUrlService,
  request: FileUrlRequest,
): Promise<FileUrl> {
  const { method, path, query, contentType } = operations.send
  const search = new URLSearchParams(query).toString()
  const answer = await send(`${url}${toPath(path, { accountId })}?${search}`, {
    method,
    headers: {
      authorization: tokens.appJwt,
      'x-lp-on-behalf': tokens.consumerJws,
      'content-type': contentType,
    },
    body: JSON.stringify({ kind: 'req', id: '1', ...request }),
  })
  return GenerateUrlResponseSchema.parse(await answer.body.json()).body
}

import type { MockServer } from '@sendbox/mock-server'
import { request } from 'undici'
import { z } from 'zod'
import {
  type ProviderState,
  type ProviderStateParams,
  type ProviderStateValues,
  providerStates,
} from './states.ts'

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
    const { statusCode, body } = await request(`${url}/__sendbox/provider-states`, {
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

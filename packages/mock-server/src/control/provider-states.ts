import { z } from 'zod'
import {
  ProviderStateParamsSchema,
  ProviderStateValuesSchema,
  providerStates,
} from '../provider-states.ts'
import { defineControlOperation } from './control-operation.ts'
import { ControlRefusalSchema, refuseControl } from './control-refusal.ts'

/** Pact's verifier sends `action` and `params` only with some of its settings, and a state without a name for none. */
const StateChangeSchema = z.looseObject({
  state: z.string(),
  params: ProviderStateParamsSchema.nullable()
    .prefault(null)
    .transform(params => params ?? ProviderStateParamsSchema.parse({})),
  action: z.enum(['setup', 'teardown']).default('setup'),
})

export const changeProviderState = defineControlOperation({
  id: 'changeProviderState',
  method: 'POST',
  path: '/provider-states',
  summary: `Pact's provider-state call: brings the mock into a state and answers the values to inject. States: ${Object.keys(providerStates).join('; ')}`,
  body: StateChangeSchema,
  answers: {
    200: ProviderStateValuesSchema,
    404: ControlRefusalSchema.extend({ states: z.array(z.string()) }),
  },
  async handle({ body: { state, params, action } }, service) {
    if (state === '') return { status: 200, body: {} }
    const known = Object.hasOwn(providerStates, state) ? providerStates[state] : undefined
    if (known === undefined) {
      const states = Object.keys(providerStates)
      const details = `The mock has no provider state "${state}". It has: ${states.join('; ')}`
      return refuseControl(404, details, { states })
    }
    const body = action === 'setup' ? await known.setUp(params, service) : {}
    return { status: 200, body }
  },
})

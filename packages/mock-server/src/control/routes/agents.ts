import { nearestWord } from '@sendbox/schema'
import { z } from 'zod'
import { BotScriptSchema } from '../../accounts/bot-script.ts'
import {
  ProviderStateParamsSchema,
  ProviderStateValuesSchema,
  providerStates,
} from '../../handle/provider-states.ts'
import { ControlRefusalSchema, defineControlOperation, refuseControl } from '../operation.ts'

const path = '/accounts/{accountId}/bot'

export const getBot = defineControlOperation({
  id: 'getBot',
  method: 'GET',
  path,
  summary: 'Shows the script of the bot of an account; null where it has no bot',
  responses: { 200: BotScriptSchema.nullable() },
  handle: ({ params: { accountId = '' } }, { bots }) => ({
    status: 200,
    body: bots.of(accountId) ?? null,
  }),
})

export const putBot = defineControlOperation({
  id: 'putBot',
  method: 'PUT',
  path,
  summary: 'Lets a bot answer the consumers of an account by script, from the next text on',
  body: BotScriptSchema,
  responses: { 200: BotScriptSchema },
  handle({ params: { accountId = '' }, body }, { bots }) {
    bots.replace(accountId, body)
    return { status: 200, body }
  },
})

export const resetBot = defineControlOperation({
  id: 'resetBot',
  method: 'DELETE',
  path,
  summary: 'Lets the bot of an account go by what was declared again, which may be none',
  responses: { 200: z.nullable(BotScriptSchema) },
  handle({ params: { accountId = '' } }, { bots }) {
    bots.reset(accountId)
    return { status: 200, body: bots.of(accountId) ?? null }
  },
})

/** Pact's verifier sends `action` and `params` only with some of its settings, and an empty name for no state. */
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
  responses: {
    200: ProviderStateValuesSchema,
    404: ControlRefusalSchema.extend({ states: z.array(z.string()) }),
  },
  async handle({ body: { state, params, action } }, services) {
    if (state === '') return { status: 200, body: {} }
    const known = Object.hasOwn(providerStates, state) ? providerStates[state] : undefined
    if (known === undefined) {
      const states = Object.keys(providerStates)
      const nearest = nearestWord(state, states)
      const hint =
        nearest === undefined ? `It has: ${states.join('; ')}` : `Did you mean "${nearest}"?`
      const details = `The mock has no provider state "${state}". ${hint}`
      return refuseControl(404, details, { states })
    }
    const body = action === 'setup' ? await known.setUp(params, services) : {}
    return { status: 200, body }
  },
})

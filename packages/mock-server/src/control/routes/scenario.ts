import { z } from 'zod'
import { loadScenario } from '../../scenario/load-scenario.ts'
import { ScenarioSchema } from '../../scenario/scenario-schema.ts'
import { UnwritableError, writeScenario } from '../../scenario/write-scenario.ts'
import { ControlRefusalSchema, defineControlOperation, refuseControl } from '../operation.ts'
import { maxSnapshotBytes, maxSnapshotValues } from './snapshot.ts'

const path = '/accounts/{accountId}/scenario'

export const getScenario = defineControlOperation({
  id: 'getScenario',
  method: 'GET',
  path,
  summary:
    'Writes down what an account is as a scenario: conversations with their events and times, clock, changed settings, faults, bot; no ids, tokens and secrets. Of a snapshot that was made by hand it may have no way to write one',
  responses: { 200: ScenarioSchema, 409: ControlRefusalSchema },
  async handle({ params: { accountId = '' } }, services) {
    try {
      return { status: 200, body: await writeScenario(accountId, services) }
    } catch (error) {
      if (error instanceof UnwritableError) return refuseControl(409, error.message)
      throw error
    }
  },
})

export const putScenario = defineControlOperation({
  id: 'putScenario',
  method: 'PUT',
  path,
  summary:
    'Checks all of a scenario, then resets the account and loads it, all of it or nothing; no webhook is sent for what it seeds',
  body: ScenarioSchema,
  maxBodyBytes: maxSnapshotBytes,
  maxJsonValues: maxSnapshotValues,
  responses: {
    200: z.object({ loaded: z.string(), conversations: z.int().min(0) }),
    400: ControlRefusalSchema,
  },
  async handle({ params: { accountId = '' }, body }, services) {
    const problems = await loadScenario(body, accountId, services)
    if (problems.length === 0)
      return { status: 200, body: { loaded: accountId, conversations: body.conversations.length } }
    const details = problems.map(({ message }) => message).join('\n')
    return refuseControl(400, details, { problems })
  },
})

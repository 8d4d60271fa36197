import { startMockServer } from '@sendbox/mock-server'
import { expect, test } from 'vitest'
import { pactAccountId, pactConsumerId, providerStates } from '../../src/pact/states.ts'
import { createMockStates } from '../../src/verify/state-handlers.ts'

const params = { accountId: pactAccountId, consumer: pactConsumerId }

test('the states of the contract are those of the mock', async () => {
  await using server = await startMockServer()
  const response = await fetch(`${server.url}/__sendbox/provider-states`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ state: 'none of them', action: 'setup' }),
  })
  const { states } = (await response.json()) as { readonly states: readonly string[] }
  expect(states.toSorted()).toEqual(Object.values(providerStates).toSorted())
})

test.each(Object.values(providerStates))('the mock enters and leaves the state %j', async state => {
  await using server = await startMockServer()
  const states = createMockStates(server)
  const { values } = await states.setUp(state, params)
  const { conversationId } = values
  const views = await server.account(pactAccountId).conversations.list()
  expect(views.map(view => view.conversationId)).toEqual(
    conversationId === undefined ? [] : [conversationId],
  )
  await states.tearDown(state, params)
})

test('a state that the mock refuses is an error that says why', async () => {
  await using server = await startMockServer()
  const { setUp } = createMockStates(server)
  const refused = setUp(providerStates.openConversation, { ...params, consumer: '' })
  await expect(refused).rejects.toThrow(/consumer/)
})

import { startMockServer } from '@sendbox/mock-server'
import { expect, test } from 'vitest'
import { pactAccountId, pactConsumerId, providerStates } from '../../src/states.ts'

test.each(Object.values(providerStates))(
  "the mock's control API brings about the state %j",
  async state => {
    await using server = await startMockServer()
    const params = { accountId: pactAccountId, consumer: pactConsumerId }
    const response = await fetch(`${server.url}/__sendbox/provider-states`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ state, params, action: 'setup' }),
    })
    const { conversationId } = (await response.json()) as { readonly conversationId?: string }
    const views = await server.account(pactAccountId).conversations.list()
    expect([response.status, views.map(view => view.conversationId)]).toEqual([
      200,
      [conversationId],
    ])
  },
)

import { expect, test } from 'vitest'
import { startMockServer } from '../../../src/index.ts'

test('a scenario that is refused over HTTP has the pointer, the rule and its evidence for each problem', async () => {
  await using server = await startMockServer()
  const event = { type: 'ChatStateEvent', chatState: 'BUSY' }
  const events = [
    { from: 'consumer', type: 'ms.PublishEvent', body: { event } },
    { from: 'consumer', type: 'ms.PublishEvent', body: { event: { type: 'ContentEvent' } } },
  ]
  const response = await fetch(`${server.url}/__sendbox/accounts/1/scenario`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ conversations: [{ consumer: 'zoe', events }] }),
  })
  expect(response.status).toBe(400)
  const path = '/conversations/0/events/0/body/event/chatState'
  expect(await response.json()).toMatchObject({
    title: 'Bad Request',
    problems: [
      { path, rule: 'PUB-7', evidence: 'documented', received: '"BUSY"' },
      { path: '/conversations/0/events/1/body/event/contentType', rule: 'PUB-2a.3' },
    ],
  })
  expect(await server.account('1').conversations.list()).toEqual([])
})

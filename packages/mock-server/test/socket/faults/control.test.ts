import { expect, test } from 'vitest'
import { startMockServer } from '../../../src/index.ts'
import { call, startConsumerSession, text } from '../consumer-session.ts'

/** The faults of an account over the control API. */
const controlOf = (url: string, accountId: string) => {
  const base = `${url}/__sendbox/accounts/${accountId}/faults`
  const ask = async (method: string, path: string, body?: unknown) => {
    const headers = { 'Content-Type': 'application/json' }
    const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) }
    const { status, json } = await call(`${base}${path}`, init)
    return [status, json]
  }
  return {
    add: (fault: unknown) => ask('POST', '', fault),
    list: () => ask('GET', ''),
    get: (faultId: string) => ask('GET', `/${faultId}`),
    remove: (faultId: string) => ask('DELETE', `/${faultId}`),
    clear: () => ask('DELETE', ''),
  }
}

test('adds, shows, counts and removes faults, as the account handle does', async () => {
  await using session = await startConsumerSession()
  const { server, accountId } = session
  const control = controlOf(server.url, accountId)
  const { faults } = server.account()
  const fault = { match: { event: 'ContentEvent' }, action: { status: 503 }, times: 1 }
  const added = { faultId: 'fault-1', ...fault, matched: 0, acted: 0, remaining: 1 }
  expect(await control.add(fault)).toEqual([201, added])
  expect(faults.list()).toEqual([added])
  expect((await session.publish(text('one'))).status).toBe(503)
  expect((await session.publish(text('two'))).status).toBe(200)
  const usedUp = { ...added, matched: 2, acted: 1, remaining: 0 }
  expect(await control.get('fault-1')).toEqual([200, usedUp])
  const second = faults.add({ action: { delayMs: { uniform: [0, 1] } }, probability: 0.5 })
  expect(await control.list()).toEqual([200, [usedUp, second]])
  expect(await control.remove('fault-1')).toEqual([200, usedUp])
  expect(faults.list()).toEqual([second])
  expect(await control.clear()).toEqual([200, [second]])
  expect([faults.list(), await control.list()]).toEqual([[], [200, []]])
})

test('answers 404 for a fault that is not there, and says where to look', async () => {
  await using server = await startMockServer()
  server.account('2').faults.add({ action: { hang: true } })
  const control = controlOf(server.url, '1')
  const notFound = [
    404,
    {
      title: 'Not Found',
      details:
        'Account 1 has no fault fault-1; GET /__sendbox/accounts/1/faults lists those it has',
    },
  ]
  expect([await control.get('fault-1'), await control.remove('fault-1')]).toEqual([
    notFound,
    notFound,
  ])
})

test('refuses a fault that contradicts itself, and says where', async () => {
  await using server = await startMockServer()
  const control = controlOf(server.url, '1')
  const message =
    '/action/reset: expected nothing beside "status", as a call ends in one way, received true'
  expect(await control.add({ match: {}, action: { reset: true, status: 500 } })).toEqual([
    400,
    {
      title: 'Bad Request',
      details: message,
      problems: [
        {
          path: '/action/reset',
          expected: 'nothing beside "status", as a call ends in one way',
          received: 'true',
          message,
        },
      ],
    },
  ])
  expect(await control.list()).toEqual([200, []])
})

test('acts in its own account only', async () => {
  await using session = await startConsumerSession()
  session.server.account('other').faults.add({ action: { status: 503 } })
  expect((await session.publish(text('hi'))).status).toBe(200)
  expect(session.server.account('other').faults.list()[0]?.matched).toBe(0)
})

test('acts on the calls of one conversation, those of its survey included', async () => {
  await using session = await startConsumerSession()
  const { conversations, faults, agent, tokens } = session.server.account()
  const { conversationId } = await conversations.open('consumer-2')
  await agent(conversationId).startSurvey()
  const surveyId = (await conversations.get(conversationId))?.dialogs[1]?.dialogId
  const { consumerJws } = await tokens('consumer-2')
  const headers = { ...session.headers, 'X-LP-ON-BEHALF': consumerJws }
  const publish = (dialogId?: string) =>
    session.send({ id: 1, type: 'ms.PublishEvent', body: { dialogId, event: text('5') } }, headers)
  faults.add({ match: { conversationId }, action: { status: 503 } })
  expect((await session.publish(text('hi'))).status).toBe(200)
  expect((await publish(surveyId)).status).toBe(503)
  expect((await publish(conversationId)).status).toBe(503)
  expect((await publish('unknown')).status).toBe(404)
  expect(faults.list()[0]).toMatchObject({ matched: 2, acted: 2 })
})

test('matches a batch by each of its requests', async () => {
  await using server = await startMockServer()
  const account = server.account()
  const { appJwt, consumerJws } = await account.tokens('consumer-1')
  account.faults.add({
    match: { type: 'cm.ConsumerRequestConversation', event: 'ContentEvent' },
    action: { loseAnswer: true },
  })
  const body = [
    { id: 1, type: 'userprofile.SetUserProfile', body: {} },
    { id: 2, type: 'cm.ConsumerRequestConversation', body: { brandId: account.accountId } },
    { id: 3, type: 'ms.PublishEvent', body: { event: text('first') } },
  ]
  const url = `${server.url}/api/account/${account.accountId}/messaging/consumer/conversation?v=3`
  const headers = {
    Authorization: appJwt,
    'X-LP-ON-BEHALF': consumerJws,
    'Content-Type': 'application/json',
  }
  await expect(call(url, { method: 'POST', headers, body: JSON.stringify(body) })).rejects.toThrow(
    'fetch failed',
  )
  expect(await account.conversations.list()).toMatchObject([
    { dialogs: [{ transcript: [{ event: text('first') }] }] },
  ])
})

test('gives the same ids and the same answers again for the same seed, and after a reset', async () => {
  await using session = await startConsumerSession({ seed: 'seed' })
  const { server } = session
  const account = server.account()
  const run = async () => {
    await server.reset()
    account.faults.add({ action: { status: 503 }, probability: 0.5 })
    const { conversationId } = await account.conversations.open('consumer-1')
    const event = text('hello')
    const statuses = []
    for (let count = 0; count < 12; count += 1)
      statuses.push(
        (
          await session.send({
            id: 1,
            type: 'ms.PublishEvent',
            body: { dialogId: conversationId, event },
          })
        ).status,
      )
    return { conversationId, statuses }
  }
  const first = await run()
  expect(first.statuses).toEqual([503, 200, 503, 200, 200, 200, 200, 503, 503, 200, 503, 503])
  expect(await run()).toEqual(first)
  await server.reset()
  expect((await account.conversations.open('consumer-1')).conversationId).toBe(first.conversationId)
})

test('withholds a weakly known answer under a fault as it does without one', async () => {
  await using session = await startConsumerSession({ settings: { minEvidence: 'documented' } })
  session.server.account().faults.add({ action: { delayMs: 0 } })
  expect((await session.publish(text('hi'))).status).toBe(200)
  const body = { dialogId: 'unknown', event: text('hi') }
  const answer = await session.send({ id: 1, type: 'ms.PublishEvent', body })
  expect([answer.status, answer.json]).toMatchObject([501, { body: { errorCode: 50150 } }])
  expect(answer.headers.get('x-sendbox-fault')).toBe('fault-1')
  expect(answer.headers.has('x-sendbox-rules')).toBe(false)
})

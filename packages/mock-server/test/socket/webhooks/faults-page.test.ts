import { expect, test } from 'vitest'
import { namesOf } from '../../../src/faults/fault.ts'
import { WebhookFaultSchema, webhookFaultActions } from '../../../src/faults/webhook-fault.ts'
import type { WebhookFaultInput } from '../../../src/index.ts'
import { codesOf, examplesOf, rowsOfSection } from '../../faults-page.ts'
import { contentType, startWebhookReceiver, webhooksAt } from '../../webhook-receiver.ts'
import { call, startConsumerSession, text } from '../consumer-session.ts'

type ActionName = keyof typeof webhookFaultActions

const rows = rowsOfSection('Faults of webhooks').map(([action, , on, example, combines]) => ({
  action: codesOf(action)[0] as ActionName,
  on,
  example: codesOf(example)[0] ?? '',
  combines: codesOf(combines),
}))

test('the table of webhook faults in docs/faults.md follows from the table in the code', () => {
  const names = namesOf(webhookFaultActions)
  const toExample = (name: ActionName) => ({ delayMs: 1, status: 500 })[name as 'status'] ?? true
  const isValid = (...pair: readonly ActionName[]) =>
    WebhookFaultSchema.safeParse({
      action: Object.fromEntries(pair.map(name => [name, toExample(name)])),
    }).success
  expect(rows.map(({ action, on, combines }) => [action, on, combines])).toEqual(
    names.map(name => [
      name,
      webhookFaultActions[name].on === 'delivery' ? 'a delivery' : 'an attempt',
      names.filter(other => other !== name && isValid(name, other)),
    ]),
  )
})

test('each example of a webhook fault in docs/faults.md is taken, and is one of its action', async () => {
  await using session = await startConsumerSession()
  const url = `${session.server.url}/__sendbox/accounts/12345678/webhook-faults`
  const headers = { 'Content-Type': 'application/json' }
  const examples = examplesOf('webhooks')
  expect(examples).toHaveLength(rows.length + 1)
  for (const body of examples) {
    const { status, json } = await call(url, { method: 'POST', headers, body })
    expect([body, status, json]).toMatchObject([body, 201, JSON.parse(body)])
  }
  for (const { action, example } of rows)
    expect(Object.keys((JSON.parse(example) as WebhookFaultInput).action)).toEqual([action])
})

/** The texts that a receiver has before the clock is advanced, and an hour later, of `a` and `b`; the outcomes of the attempts at `a`. */
interface Seen {
  readonly first: readonly string[]
  readonly later: readonly string[]
  readonly outcomes: readonly (number | string)[]
}

const expected: Readonly<Record<ActionName, Seen>> = {
  delayMs: { first: ['b'], later: ['b', 'a'], outcomes: [200] },
  twice: { first: ['a', 'a', 'b'], later: ['a', 'a', 'b'], outcomes: [200, 200] },
  lose: { first: ['b'], later: ['b'], outcomes: [] },
  holdBack: { first: ['b', 'a'], later: ['b', 'a'], outcomes: [200] },
  beforeAnswer: { first: ['a', 'b'], later: ['a', 'b'], outcomes: [200] },
  status: { first: [], later: ['a', 'b'], outcomes: [500, 200] },
  timeout: { first: [], later: ['a', 'b'], outcomes: ['timeout', 200] },
}

test.each(rows)('docs/faults.md: $example does what its row says', async ({ action, example }) => {
  await using session = await startConsumerSession({ now: () => 0 })
  await using receiver = await startWebhookReceiver()
  const { webhooks, clock } = session.server.account()
  clock.freeze()
  webhooks.register(webhooksAt(receiver.url, { types: [contentType], maxRetries: 3 }))
  let isAnswered = false
  const wasAnswered: boolean[] = []
  receiver.answer = () => {
    wasAnswered.push(isAnswered)
    return 200
  }
  webhooks.faults.add(JSON.parse(example) as WebhookFaultInput)
  await session.publish(text('a'))
  isAnswered = true
  const isBefore = action === 'beforeAnswer' ? wasAnswered[0] === false : undefined
  await session.publish(text('b'))
  await webhooks.idle()
  const first = [...receiver.messages]
  await clock.advance(3_600_000)
  const [delivery] = webhooks.list()
  const outcomes = delivery?.attempts.map(({ outcome }) => outcome)
  expect({ first, later: receiver.messages, outcomes }).toEqual(expected[action])
  expect(isBefore).not.toBe(false)
})

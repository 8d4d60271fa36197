import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { WebhookHandlerOptions } from '../../../src/index.ts'
import { chatState, consumer, deliver, install, numbered } from '../../webhooks/deliveries.ts'
import { createWebhookRecorder } from '../../webhooks/recorder.ts'

/** A handler of texts that records its start and end, and settles by hand. */
const createSlowHandler = () => {
  const log: string[] = []
  const open = new Map<string, (error?: Error) => void>()
  const on: WebhookHandlerOptions['on'] = {
    async ContentEvent({ conversationId, sequence }, { isLate }) {
      const name = `${conversationId}#${sequence}`
      log.push(`${isLate ? 'late ' : ''}${name} begins`)
      await new Promise<void>((resolve, reject) => {
        open.set(name, error => (error ? reject(error) : resolve()))
      })
      log.push(`${name} ends`)
    },
  }
  return {
    log,
    on,
    /** Runs everything that is due. */
    async settle(): Promise<void> {
      for (let turn = 0; turn < 10; turn += 1) await setImmediate()
    },
    end(name: string, error?: Error): void {
      open.get(name)?.(error)
    },
  }
}

const statusOf = async (answer: Promise<{ status: number }>): Promise<number> =>
  (await answer).status

test('shuffled and doubled events of a conversation are handed on once each and in order [SEQ-1]', async () => {
  const steps = [1, 2, 3, 4, 5, 6, 8, 9, 10]
  for (const step of steps) {
    await using webhooks = createWebhookRecorder()
    // Each number below 11 twice: multiples of a step that has no factor in common with 11.
    const arrival = Array.from({ length: 22 }, (_, index) => (index * step) % 11)

    await Promise.all(arrival.map(sequence => webhooks.receive(deliver(numbered(sequence)))))
    await webhooks.idle()

    expect({ step, log: webhooks.log }).toEqual({
      step,
      log: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10'],
    })
    expect([webhooks.gaps, webhooks.timers.waiting()]).toEqual([[], 0])
  }
})

test('the answer comes before the handler begins', async () => {
  const slow = createSlowHandler()
  const webhooks = createWebhookRecorder({ on: slow.on })

  expect(await statusOf(webhooks.receive(deliver(numbered(0))))).toBe(200)
  expect(slow.log).toEqual([])
  await slow.settle()
  expect(slow.log).toEqual(['conv-1#0 begins'])

  slow.end('conv-1#0')
  await webhooks.close()
  expect(slow.log).toEqual(['conv-1#0 begins', 'conv-1#0 ends'])
})

test('one conversation is handled one event at a time, while others go on', async () => {
  const slow = createSlowHandler()
  const webhooks = createWebhookRecorder({ on: slow.on })

  await webhooks.receive(deliver(numbered(0)))
  await webhooks.receive(deliver(numbered(1)))
  await webhooks.receive(deliver(numbered(0, { conversationId: 'conv-2' })))
  await slow.settle()
  expect(slow.log).toEqual(['conv-1#0 begins', 'conv-2#0 begins'])

  slow.end('conv-2#0')
  slow.end('conv-1#0')
  await slow.settle()
  expect(slow.log.slice(2)).toEqual(['conv-2#0 ends', 'conv-1#0 ends', 'conv-1#1 begins'])

  slow.end('conv-1#1')
  await webhooks.close()
})

test('idle waits for the events that arrive meanwhile, too', async () => {
  const slow = createSlowHandler()
  const webhooks = createWebhookRecorder({ on: slow.on })
  await webhooks.receive(deliver(numbered(0)))
  const idle = webhooks.idle().then(() => slow.log.push('idle'))
  await webhooks.receive(deliver(numbered(0, { conversationId: 'conv-2' })))
  await slow.settle()

  slow.end('conv-1#0')
  await slow.settle()
  slow.end('conv-2#0')
  await idle

  expect(slow.log.slice(2)).toEqual(['conv-1#0 ends', 'conv-2#0 ends', 'idle'])
})

test('a conversation whose handler runs is not forgotten', async () => {
  const slow = createSlowHandler()
  const webhooks = createWebhookRecorder({ on: slow.on, maxRemembered: 1 })

  await webhooks.receive(deliver(numbered(0)))
  await slow.settle()
  await webhooks.receive(deliver(chatState('ACTIVE', { conversationId: 'conv-2' })))
  await webhooks.receive(deliver(numbered(1)))
  await slow.settle()
  expect([slow.log, webhooks.timers.waiting()]).toEqual([['conv-1#0 begins'], 0])

  slow.end('conv-1#0')
  await slow.settle()
  slow.end('conv-1#1')
  await webhooks.close()
})

const whereOf = (notification: ReturnType<typeof numbered>) => ({
  ...install,
  notification,
  change: notification.body.changes[0],
})

test('a handler that fails is told of with its notification and change, and the next events go on', async () => {
  const told: unknown[] = []
  const failure = new Error('no such number')
  await using webhooks = createWebhookRecorder({
    on: {
      ContentEvent({ sequence }) {
        if (sequence === 0) throw failure
        return Promise.reject(failure)
      },
      ChatStateEvent: ({ event }) => void told.push(event.chatState),
    },
    onError: (...parts) => {
      told.push(parts)
      throw new Error('this is dropped')
    },
  })

  const answers = [numbered(0), numbered(1), chatState('ACTIVE'), numbered(0)].map(notification =>
    statusOf(webhooks.receive(deliver(notification))),
  )
  expect(await Promise.all(answers)).toEqual([200, 200, 200, 200])
  await webhooks.idle()
  await webhooks.receive(deliver(numbered(1)))
  await webhooks.receive(deliver(numbered(2)))
  expect(webhooks.timers.waiting()).toBe(0)
  await webhooks.idle()

  expect(told).toEqual([
    [failure, whereOf(numbered(0))],
    [failure, whereOf(numbered(1))],
    'ACTIVE',
    [failure, whereOf(numbered(2))],
  ])
})

test('beyond maxPending an event is answered with 503, and taken when it comes again', async () => {
  const slow = createSlowHandler()
  const webhooks = createWebhookRecorder({ on: slow.on, maxPending: 2 })
  const third = deliver(numbered(0, { conversationId: 'conv-3' }))

  await webhooks.receive(deliver(numbered(0)))
  await webhooks.receive(deliver(numbered(2)))
  expect(await webhooks.receive(third)).toMatchObject({
    status: 503,
    body: '{"outcome":"refused","message":"Too many events wait: deliver it again"}',
  })
  expect(await statusOf(webhooks.receive(deliver(numbered(2))))).toBe(200)
  await slow.settle()
  slow.end('conv-1#0')
  await slow.settle()
  expect(await statusOf(webhooks.receive(third))).toBe(200)
  await slow.settle()
  slow.end('conv-3#0')
  const closed = webhooks.close()
  await slow.settle()
  slow.end('conv-1#2')
  await closed

  expect(slow.log.filter(line => line.endsWith('ends'))).toEqual([
    'conv-1#0 ends',
    'conv-3#0 ends',
    'conv-1#2 ends',
  ])
  expect(webhooks.refusals).toMatchObject([{ ...install, reason: 'overloaded', status: 503 }])
})

test('close hands on what waits, and answers new events with 503 and known ones as before', async () => {
  const webhooks = createWebhookRecorder()
  await webhooks.receive(deliver(numbered(0)))
  await webhooks.receive(deliver(numbered(3)))
  await webhooks.receive(deliver(numbered(2)))

  await webhooks.close()

  expect(webhooks.log).toEqual(['0', '2', '3'])
  expect(webhooks.gaps).toMatchObject([{ missing: { from: 1, to: 1 } }])
  expect(webhooks.timers.waiting()).toBe(0)
  expect(await webhooks.receive(deliver(numbered(4)))).toMatchObject({
    status: 503,
    body: '{"outcome":"refused","message":"The webhook handler is closed: deliver it again"}',
  })
  expect(await statusOf(webhooks.receive(deliver(numbered(3))))).toBe(200)
})

test('with handled, the answer and that of a duplicate come once the handler has succeeded', async () => {
  const slow = createSlowHandler()
  await using webhooks = createWebhookRecorder({ on: slow.on, acknowledge: 'handled' })
  const answered: number[] = []
  const answers = [numbered(0), numbered(0)].map(async notification => {
    const answer = await webhooks.receive(deliver(notification))
    answered.push(answer.status)
    return answer.body
  })

  await slow.settle()
  expect(answered).toEqual([])
  slow.end('conv-1#0')

  expect(await Promise.all(answers)).toEqual(['{"outcome":"handled"}', '{"outcome":"handled"}'])
  expect(answered).toEqual([200, 200])
  expect(slow.log).toEqual(['conv-1#0 begins', 'conv-1#0 ends'])
  expect(webhooks.timers.waiting()).toBe(0)
})

test('with handled, a failure is answered with 500 and what comes again is handed on again [WH-10.1]', async () => {
  const slow = createSlowHandler()
  await using webhooks = createWebhookRecorder({ on: slow.on, acknowledge: 'handled' })

  const failing = webhooks.receive(deliver(numbered(0)))
  await slow.settle()
  slow.end('conv-1#0', new Error('the gateway is down'))
  expect(await failing).toMatchObject({
    status: 500,
    body: '{"outcome":"refused","message":"The handler failed, see onError: deliver it again"}',
  })

  const next = statusOf(webhooks.receive(deliver(numbered(1))))
  const again = statusOf(webhooks.receive(deliver(numbered(0))))
  for (const name of ['conv-1#0', 'conv-1#1']) {
    await slow.settle()
    slow.end(name)
  }
  expect(await Promise.all([next, again])).toEqual([200, 200])
  expect(slow.log).toEqual([
    'conv-1#0 begins',
    'conv-1#0 begins',
    'conv-1#0 ends',
    'conv-1#1 begins',
    'conv-1#1 ends',
  ])
  expect(webhooks.errors).toEqual([new Error('the gateway is down')])
  expect(webhooks.refusals).toMatchObject([{ ...install, reason: 'failed', status: 500 }])
})

test('with handled, an event that comes again after later ones were handed on is late', async () => {
  const slow = createSlowHandler()
  await using webhooks = createWebhookRecorder({ on: slow.on, acknowledge: 'handled' })

  const answers = [numbered(0), numbered(1)].map(notification =>
    statusOf(webhooks.receive(deliver(notification))),
  )
  await slow.settle()
  slow.end('conv-1#0', new Error('the gateway is down'))
  await slow.settle()
  slow.end('conv-1#1')
  expect(await Promise.all(answers)).toEqual([500, 200])
  const again = statusOf(webhooks.receive(deliver(numbered(0))))
  await slow.settle()
  slow.end('conv-1#0')

  expect(await again).toBe(200)
  expect(slow.log).toContain('late conv-1#0 begins')
})

test('with handled, a handler that takes too long is answered with 503, and its retry with its outcome [WH-9]', async () => {
  const slow = createSlowHandler()
  await using webhooks = createWebhookRecorder({
    on: slow.on,
    acknowledge: 'handled',
    handlerTimeoutMs: 2000,
  })

  const first = webhooks.receive(deliver(numbered(0)))
  await slow.settle()
  webhooks.timers.advance(2000)
  expect(await first).toMatchObject({
    status: 503,
    body: '{"outcome":"refused","message":"The handler still runs: deliver it again for its outcome"}',
  })

  const retry = statusOf(webhooks.receive(deliver(numbered(0))))
  await slow.settle()
  slow.end('conv-1#0')
  expect(await retry).toBe(200)
  expect(await statusOf(webhooks.receive(deliver(numbered(0))))).toBe(200)
  expect(slow.log).toEqual(['conv-1#0 begins', 'conv-1#0 ends'])
  expect(webhooks.refusals).toMatchObject([{ reason: 'unfinished', status: 503 }])
})

test('with handled, a kind without a handler and a skipped echo succeed', async () => {
  await using webhooks = createWebhookRecorder({
    on: { ContentEvent: () => Promise.reject(new Error('not skipped')) },
    acknowledge: 'handled',
    skipConsumerEvents: true,
  })
  const echo = numbered(0, { originatorMetadata: consumer })

  const answers = [await webhooks.receive(deliver(echo))]
  answers.push(await webhooks.receive(deliver(chatState('ACTIVE'))))

  expect(answers.map(({ status, body }) => [status, body])).toEqual([
    [200, '{"outcome":"handled"}'],
    [200, '{"outcome":"handled"}'],
  ])
})

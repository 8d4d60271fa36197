import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addEvent,
  dequeue,
  type EventQueue,
  emptyQueue,
  firstOf,
  hasEvent,
  lastOf,
  lengthOf,
  listEvents,
} from '../../../src/webhooks/event-queue.ts'

const toEvent = (arrival: number) => ({
  id: `event-${arrival}`,
  arrival,
  arrivedAt: 0,
  conversationId: 'c',
  endpoint: 'e',
  isOptional: false,
})

const arrivalsIn = (queue: EventQueue): number[] => listEvents(queue).map(({ arrival }) => arrival)

test('is an ordered list in which no queue sees what another one adds or takes', () => {
  const step = fc.record({
    from: fc.nat(),
    arrival: fc.option(fc.nat({ max: 50 }), { nil: undefined }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const all: { queue: EventQueue; model: number[] }[] = [{ queue: emptyQueue, model: [] }]
      for (const { from, arrival } of steps) {
        const chosen = all[from % all.length]
        if (chosen === undefined || (arrival !== undefined && chosen.model.includes(arrival)))
          continue
        all.push(
          arrival === undefined
            ? { queue: dequeue(chosen.queue), model: chosen.model.slice(1) }
            : {
                queue: addEvent(chosen.queue, toEvent(arrival)),
                model: [...chosen.model, arrival].toSorted((one, other) => one - other),
              },
        )
      }
      for (const { queue, model } of all) {
        expect(arrivalsIn(queue)).toEqual(model)
        expect(lengthOf(queue)).toBe(model.length)
        expect([firstOf(queue)?.arrival, lastOf(queue)?.arrival]).toEqual([model[0], model.at(-1)])
        expect(hasEvent(queue, ({ arrival }) => arrival === 7)).toBe(model.includes(7))
      }
    }),
  )
})

test('lets go of what was taken', () => {
  let queue = emptyQueue
  for (let arrival = 0; arrival < 10_000; arrival += 1) queue = addEvent(queue, toEvent(arrival))
  for (let taken = 0; taken < 9_000; taken += 1) queue = dequeue(queue)
  expect([lengthOf(queue), firstOf(queue)?.arrival]).toEqual([1000, 9000])
  expect(queue.events.length).toBeLessThan(4000)
})

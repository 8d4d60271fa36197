import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Fifo } from '../../src/fifo.ts'

const steps = fc.array(
  fc.oneof(
    { arbitrary: fc.record({ push: fc.nat() }), weight: 4 },
    { arbitrary: fc.record({ insert: fc.nat(), index: fc.nat() }), weight: 1 },
    { arbitrary: fc.constant({ shift: true as const }), weight: 3 },
    { arbitrary: fc.constant({ clear: true as const }), weight: 1 },
  ),
  { maxLength: 100, size: 'max' },
)

test('is an array whose first element can be removed', () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), steps, (initial, plan) => {
      const fifo = new Fifo(initial)
      let model = [...initial]
      const removed: (readonly [number | undefined, number | undefined])[] = []
      for (const step of plan) {
        if ('push' in step) {
          fifo.push(step.push)
          model.push(step.push)
        } else if ('insert' in step) {
          const index = step.index % (model.length + 1)
          fifo.insert(index, step.insert)
          model.splice(index, 0, step.insert)
        } else if ('shift' in step) removed.push([fifo.shift(), model.shift()])
        else {
          fifo.clear()
          model = []
        }
        expect([fifo.length, fifo.toArray()]).toEqual([model.length, model])
        expect([-1, 0, 3, model.length].map(index => fifo.at(index))).toEqual([
          undefined,
          model[0],
          model[3],
          undefined,
        ])
      }
      expect(removed.map(([own]) => own)).toEqual(removed.map(([, expected]) => expected))
    }),
  )
})

test('does not hold on to what was removed', async () => {
  const fifo = new Fifo<object>([{}, {}, {}, {}])
  const first = new WeakRef(fifo.at(0) ?? {})
  fifo.shift()
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  await setImmediate()
  collectGarbage()
  expect([first.deref(), fifo.length]).toEqual([undefined, 3])
})

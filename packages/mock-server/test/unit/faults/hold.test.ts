import { once } from 'node:events'
import { Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { RandomSource } from '../../../src/accounts/random-source.ts'
import { Faults } from '../../../src/faults/faults.ts'
import { HeldCalls } from '../../../src/faults/held-calls.ts'
import { Updates } from '../../../src/updates.ts'

const call = (accountId = '1') => ({ accountId, socket: new Socket() })

test('knows the faults of an account that has any, and resets one account or all', () => {
  const faults = new Faults({ random: new RandomSource(), updates: new Updates() })
  const action = { reset: true } as const
  expect([faults.of('1').list(), faults.find('1')]).toEqual([[], undefined])
  faults.of('1').add({ action })
  faults.of('2').add({ action })
  expect([faults.find('1'), faults.find('3')]).toEqual([faults.of('1'), undefined])
  faults.reset('1')
  expect([faults.find('1'), faults.of('2').list().length]).toEqual([undefined, 1])
  faults.reset()
  expect([faults.find('2'), faults.of('2').add({ action }).faultId]).toEqual([undefined, 'fault-1'])
})

test('drops the calls of one account, or all', async () => {
  const faults = new Faults({ random: new RandomSource(), updates: new Updates() })
  const [one, two, three] = [call('1'), call('2'), call('3')]
  faults.held.hang(one)
  faults.held.hang(two)
  const isProcessed = faults.held.delay(three, 1_000_000)
  faults.reset('1')
  expect([one, two, three].map(({ socket }) => socket.destroyed)).toEqual([true, false, false])
  faults.reset()
  expect([two, three].map(({ socket }) => socket.destroyed)).toEqual([true, true])
  expect(await isProcessed).toBe(false)
})

test('holds nothing once it is closed', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const held = new HeldCalls()
  held.close()
  const [delayed, hung] = [call(), call()]
  held.hang(hung)
  expect([await held.delay(delayed, 1000), vi.getTimerCount()]).toEqual([true, 0])
  expect([delayed.socket.destroyed, hung.socket.destroyed]).toEqual([false, true])
})

test('forgets a hung call whose caller has gone, before it hangs or later', async () => {
  const held = new HeldCalls()
  const [gone, going] = [call(), call()]
  gone.socket.destroy()
  held.hang(gone)
  held.hang(going)
  expect([held.size, gone.socket.listenerCount('close')]).toEqual([1, 0])
  going.socket.destroy()
  await once(going.socket, 'close')
  expect(held.size).toBe(0)
})

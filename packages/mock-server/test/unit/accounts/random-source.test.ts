import { expect, test } from 'vitest'
import { RandomSource } from '../../../src/accounts/random-source.ts'

const sample = (random: RandomSource, accountId: string): string[] => [
  random.uuid(accountId),
  random.dialogId(accountId),
  random.uuid(accountId),
]

test('gives each account the same ids again for the same seed, whatever other accounts do', () => {
  const first = new RandomSource('seed')
  const one = sample(first, '1')
  const two = sample(first, '2')
  const second = new RandomSource('seed')
  expect(sample(second, '2')).toEqual(two)
  expect(sample(second, '1')).toEqual(one)
  expect(new Set([...one, ...two]).size).toBe(6)
  expect(sample(new RandomSource('other'), '1')).not.toEqual(one)
})

test('is reset for one account and for no other, or for all', () => {
  const random = new RandomSource('seed')
  const first = ['1', '2'].map(accountId => sample(random, accountId))
  const second = ['1', '2'].map(accountId => sample(new RandomSource('seed'), accountId))
  expect(second).toEqual(first)
  random.reset('1')
  const again = ['1', '2'].map(accountId => sample(random, accountId))
  expect(again[0]).toEqual(first[0])
  expect(again[1]).not.toEqual(first[1])
  random.reset()
  expect(['1', '2'].map(accountId => sample(random, accountId))).toEqual(first)
})

test('restarts a sequence of which nothing was persisted', () => {
  const random = new RandomSource('seed')
  const first = sample(random, '1')
  random.document.restore('1', undefined)
  expect(sample(random, '1')).toEqual(first)
})

test('gives other ids each time without a seed', () => {
  expect(sample(new RandomSource(), '1')).not.toEqual(sample(new RandomSource(), '1'))
})

test('makes UUIDs of version 4 and dialog ids of 22 characters [UPD-3]', () => {
  const random = new RandomSource('seed')
  for (let count = 0; count < 100; count += 1) {
    expect(random.uuid('1')).toMatch(
      /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
    )
    expect(random.dialogId('1')).toMatch(/^[\w-]{22}$/)
  }
})

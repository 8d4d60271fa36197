import { expect, test } from 'vitest'
import { createConsumerJwsSource } from '../../../src/session/token-sources.ts'

test('who was quiet the longest leaves when there is one consumer too many [AUTH-4]', async () => {
  const fetched: string[] = []
  const source = createConsumerJwsSource(async consumer => {
    fetched.push(consumer)
    return `jws-of-${consumer}`
  }, 2)

  for (const consumer of ['a', 'b', 'a', 'c', 'b', 'a']) {
    expect(await source.get(consumer)).toBe(`jws-of-${consumer}`)
  }

  expect(fetched).toEqual(['a', 'b', 'c', 'b', 'a'])
})

test('10,000 consumers are kept by default', async () => {
  let fetches = 0
  const source = createConsumerJwsSource(async consumer => {
    fetches += 1
    return consumer
  })
  const consumers = Array.from({ length: 10_000 }, (_, index) => String(index))

  await Promise.all(consumers.map(consumer => source.get(consumer)))
  await source.get('0')
  expect(fetches).toBe(10_000)

  await source.get('one more')
  await source.get('0')
  expect(fetches).toBe(10_001)
  await source.get('1')
  expect(fetches).toBe(10_002)
})

test('one that was refused is dropped, but not one that came after it', async () => {
  let fetches = 0
  const source = createConsumerJwsSource(async () => `jws-${++fetches}`)
  expect(await source.get('a')).toBe('jws-1')

  source.invalidate('a', 'jws-1')
  expect(source.peek('a')).toBeUndefined()
  expect(await source.get('a')).toBe('jws-2')
  source.invalidate('a', 'jws-1')
  source.invalidate('unknown', 'jws-1')
  expect(source.peek('a')).toBe('jws-2')
})

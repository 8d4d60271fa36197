import { expect, test } from 'vitest'
import { createLruMap } from '../../src/lru-map.ts'

test('the least recent value leaves first, and a look at one makes it recent', () => {
  const map = createLruMap<string>(2)
  map.set('a', 'A')
  map.set('b', 'B')
  map.get('a')
  map.set('c', 'C')
  expect([...map.values()]).toEqual(['A', 'C'])
})

test('a value that may not leave stays beyond the capacity, until it may', () => {
  const busy = new Set(['A', 'B'])
  const map = createLruMap<string>(1, value => !busy.has(value))
  map.set('a', 'A')
  map.set('b', 'B')
  map.set('c', 'C')
  expect([...map.values()]).toEqual(['A', 'B', 'C'])
  busy.clear()
  map.set('d', 'D')
  expect([...map.values()]).toEqual(['D'])
})

test('only the value that is kept is forgotten, never a newer one', () => {
  const map = createLruMap<string>(2)
  map.set('a', 'old')
  map.set('a', 'new')
  map.delete('a', 'old')
  expect(map.get('a')).toBe('new')
  map.delete('a', 'new')
  expect(map.get('a')).toBeUndefined()
})

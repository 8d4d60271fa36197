import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRoute, type Route, rooms, toHash } from '../../../src/live/place.ts'

const text = fc.string({ unit: 'grapheme', minLength: 1 })

const route: fc.Arbitrary<Route> = fc.record({
  account: text,
  room: fc.constantFrom(...rooms),
  id: fc.option(text, { nil: '' }),
  filters: fc.dictionary(fc.stringMatching(/^[a-z]+$/), text),
})

test('every place of the page is read from the hash that is written for it', () => {
  fc.assert(
    fc.property(route, place => {
      expect(parseRoute(toHash(place))).toEqual({ ...place, filters: { ...place.filters } })
    }),
  )
})

test.each(['', '#', '#/', '#/12345678', '#/12345678/attic'])(
  'a hash that names no room, %j, is the home of the page',
  hash => {
    const home = { account: '12345678', room: 'conversations', id: '', filters: {} }
    expect(parseRoute(hash)).toEqual(home)
  },
)

test('a hash that is no valid percent-encoding is read as it is', () => {
  expect(parseRoute('#/%E0%A4%A/calls/%')).toMatchObject({ account: '%E0%A4%A', id: '%' })
})

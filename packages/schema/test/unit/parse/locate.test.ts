import { expect, test } from 'vitest'
import * as z from 'zod'
import { selectorOf } from '../../../src/parse/locate.ts'
import { typeOtherThan } from '../../../src/primitives/one-or-many.ts'

const known = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('A'), id: z.string() }),
  z.looseObject({ type: z.literal('B'), reason: z.string() }),
])
const other = z.looseObject({ type: typeOtherThan(['A', 'B']) })

test.each([
  ['before', [known, other], [0, 1]],
  ['after', [other, known], [1, 0]],
] as const)(
  'a wrong value of a known type is read as that type, with the known ones %s the others',
  (_, options, [ofKnown, ofOther]) => {
    const select = selectorOf(z.union(options)._zod.def)
    expect(select({ type: 'A', id: 5 })).toBe(ofKnown)
    expect(select({ type: 'B', reason: 'r' })).toBe(ofKnown)
    expect(select({ type: 'C' })).toBe(ofOther)
    expect(select('no object')).toBe(-1)
  },
)

import { expect, test } from 'vitest'
import { toRequestSubject } from '../../../src/http/call.ts'

test('names all types and events of a batch, and leaves out what is no text', () => {
  const body = { event: { type: 'ContentEvent' }, dialogId: 'd' }
  expect(toRequestSubject([{ type: 'a', body }, { type: 5 }, { type: 'b', body }])).toEqual({
    types: ['a', 'b'],
    events: ['ContentEvent', 'ContentEvent'],
    conversationId: 'd',
  })
})

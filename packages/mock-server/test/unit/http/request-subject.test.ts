import { expect, test } from 'vitest'
import { toRequestSubject } from '../../../src/http/call.ts'

test('names all types and events of a batch, and leaves out what is no text', () => {
  const body = { event: { type: 'ContentEvent' }, dialogId: 'd' }
  const batch = [{ type: 'a', body, id: 7 }, { type: 5 }, { type: 'b', body, id: 'x' }]
  expect(toRequestSubject(batch, JSON.stringify(batch))).toEqual({
    types: ['a', 'b'],
    events: ['ContentEvent', 'ContentEvent'],
    conversationId: 'd',
    reqIds: ['7', undefined, 'x'],
  })
})

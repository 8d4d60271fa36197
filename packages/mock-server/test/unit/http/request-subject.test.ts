import { expect, test } from 'vitest'
import { toRequestSubject } from '../../../src/http/request-subject.ts'

const typesOf = (type: unknown): readonly string[] => toRequestSubject({ type }).types

test('gives the same list for the same usual type each time, so that the journal keeps one', () => {
  expect(typesOf('ms.PublishEvent')).toEqual(['ms.PublishEvent'])
  expect(typesOf('ms.PublishEvent')).toBe(typesOf('ms.PublishEvent'))
})

test('remembers no long text, whatever a caller sends as its type', () => {
  const long = 'x'.repeat(1000)
  expect(typesOf(long)).toEqual([long])
  expect(typesOf(long)).not.toBe(typesOf(long))
})

test('names all types and events of a batch, and leaves out what is no text', () => {
  const body = { event: { type: 'ContentEvent' }, dialogId: 'd' }
  expect(toRequestSubject([{ type: 'a', body }, { type: 5 }, { type: 'b', body }])).toEqual({
    types: ['a', 'b'],
    events: ['ContentEvent', 'ContentEvent'],
    conversationId: 'd',
  })
})

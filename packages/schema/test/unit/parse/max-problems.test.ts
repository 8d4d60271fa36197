import { expect, test } from 'vitest'
import { parseSendRequest } from '../../../src/index.ts'

const listOf = <Value>(count: number, toValue: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => toValue(index))

const publish = (more: object) => ({
  kind: 'req',
  id: '1',
  type: 'ms.PublishEvent',
  body: {
    dialogId: 'd',
    event: { type: 'ContentEvent', contentType: 'text/plain', message: 'hello' },
  },
  ...more,
})

const unknownFields = Object.fromEntries(listOf(1000, index => [`unknown${index}`, 1]))

test('of 1,000 problems the first 100 are named', () => {
  const result = parseSendRequest(publish({ metadata: listOf(1000, () => 1) }))
  expect(result).toMatchObject({ ok: false })
  expect(!result.ok && result.problems.map(({ path }) => path)).toEqual(
    listOf(100, index => `/metadata/${index}`),
  )
})

test('of 1,000 unknown fields the first 100 are named', () => {
  const result = parseSendRequest(publish(unknownFields))
  expect(result.ok && result.diagnostics.map(({ path }) => path)).toEqual(
    listOf(100, index => `/unknown${index}`),
  )
})

test('strict mode refuses them, and names 100 as well', () => {
  const result = parseSendRequest(publish(unknownFields), { mode: 'strict' })
  expect(!result.ok && result.problems).toHaveLength(100)
})

test('strict mode finds what it refuses behind any number of diagnostics that it accepts', () => {
  const gender = { type: 'personal', personal: { gender: 1 } }
  const profile = (count: number, more: object) => ({
    id: 1,
    type: 'userprofile.SetUserProfile',
    body: { authenticatedData: { lp_sdes: listOf(count, () => gender) }, ...more },
  })
  const accepted = parseSendRequest(profile(150, {}), { mode: 'strict' })
  expect(accepted.ok && accepted.diagnostics).toHaveLength(100)
  const refused = parseSendRequest(profile(150, { mood: 'good' }), { mode: 'strict' })
  expect(!refused.ok && refused.problems).toMatchObject([{ path: '/body/mood', rule: 'REQ-4' }])
})

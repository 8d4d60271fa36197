import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { arbitraries, mutated } from '../../src/arbitraries.ts'
import { fixtures } from '../../src/fixtures.ts'
import * as index from '../../src/index.ts'

const schemas: Readonly<Record<string, unknown>> = index

const names = Object.keys(fixtures) as (keyof typeof fixtures)[]

const reads = (name: string, value: unknown): boolean =>
  z.safeParse(schemas[`${name}Schema`] as z.ZodType, value).success

const seed = 1

const samplesOf = <Value>(values: fc.Arbitrary<Value>, numRuns = 2000): Value[] =>
  fc.sample(values, { seed, numRuns })

const countBy = <Value>(values: readonly Value[], toKey: (value: Value) => unknown) =>
  new Set(values.map(toKey))

test('has an arbitrary for every exported schema', () => {
  expect(Object.keys(arbitraries).toSorted()).toEqual(names.toSorted())
})

test.each(names)('%s reads every generated value', name => {
  const values: fc.Arbitrary<unknown> = arbitraries[name]
  const law = fc.property(values, value => reads(name, value))
  expect(() => fc.assert(law, { seed, numRuns: 500 })).not.toThrow()
})

test.each(names)('%s is generated as JSON values, so that text carries them unchanged', name => {
  const values: fc.Arbitrary<unknown> = arbitraries[name]
  const changed = samplesOf(values, 50).filter(
    value => !isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value),
  )
  expect(changed).toEqual([])
})

test('generates every type of request and every type of event', () => {
  const requests = samplesOf(arbitraries.SendRequest)
  const types = ['userprofile.SetUserProfile', 'cm.UpdateConversationField', 'ms.PublishEvent']
  const urls = ['ms.GenerateURLForUploadFile', 'ms.GenerateURLForDownloadFile']
  expect(countBy(requests, ({ type }) => type)).toEqual(new Set([...types, ...urls]))
  const events = samplesOf(arbitraries.PublishedEvent)
  expect(countBy(events, event => event.type)).toEqual(
    new Set([
      'ContentEvent',
      'ChatStateEvent',
      'AcceptStatusEvent',
      'RichContentEvent',
      'HostedFile',
    ]),
  )
})

test('generates lists and bare single elements, with and without the optional fields', () => {
  const fields = samplesOf(arbitraries.SendRequest).map(({ metadata }) => metadata)
  expect(countBy(fields, field => Array.isArray(field))).toEqual(new Set([true, false]))
  expect(countBy(fields, field => field === undefined)).toEqual(new Set([true, false]))
  expect(fields.some(field => field !== undefined && !Array.isArray(field))).toBe(true)
})

test('generates fields that the schema does not know, but none where it is strict', () => {
  const spareFields = (values: readonly object[], known: readonly string[]) =>
    values.flatMap(value => Object.keys(value)).filter(key => !known.includes(key))
  const events = samplesOf(arbitraries.ChatStateEvent)
  expect(spareFields(events, ['type', 'chatState'])).toContain('skillId')
  expect(spareFields(samplesOf(arbitraries.Participant), ['id', 'role'])).toEqual([])
})

test('generates cards with content and cards with message, never with both', () => {
  const cards = samplesOf(arbitraries.RichContentEvent)
  const forms = countBy(cards, card => `${'content' in card} ${'message' in card}`)
  expect(forms).toEqual(new Set(['true false', 'false true']))
})

test('generates batches of two and of three in every order', () => {
  const batches = samplesOf(arbitraries.ConversationBatch, 200)
  const orders = countBy(batches, batch => batch.map(({ type }) => type).join())
  expect(orders.size).toBe(2 + 6)
})

test('generates ids at both ends of their length, which counts code points', () => {
  const ids = samplesOf(arbitraries.RequestId).filter(id => typeof id === 'string')
  const lengths = ids.map(id => Array.from(id).length)
  expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([1, 64])
  expect(ids.some(id => id.length > 64)).toBe(true)
})

test('generates numbers at both ends of their range', () => {
  const rates = countBy(samplesOf(arbitraries.CsatRateField), ({ csatRate }) => csatRate)
  expect(rates).toEqual(new Set([1, 2, 3, 4, 5]))
  const sequences = samplesOf(arbitraries.Sequence)
  expect([Math.min(...sequences), Math.max(...sequences)]).toEqual([0, Number.MAX_SAFE_INTEGER])
})

test('refuses by name a schema of a type that it cannot derive', async () => {
  const { arbitraryOf } = await import('../../src/arbitraries/arbitrary-of.ts')
  expect(() => arbitraryOf(z.map(z.string(), z.string()))).toThrow(
    new TypeError('No arbitrary is known for a schema of type "map"'),
  )
})

const request = fixtures.PublishEventRequest.fullest()

const damagedRequests = new Set(
  samplesOf(mutated(fc.constant(request)), 5000).map(value => JSON.stringify(value)),
)

test.each([
  ['leaves a field out', { kind: undefined }],
  ['empties a text', { id: '' }],
  ['puts a negative number', { id: -1 }],
  ['puts null', { id: null }],
  ['wraps a value in a list', { id: [request.id] }],
  ['misspells a word', { kind: 'req_' }],
  ['writes a word in lower case', { type: request.type.toLowerCase() }],
  ['puts a very long text', { type: 'x'.repeat(10_000) }],
  ['puts one character more than an id may have', { id: '😃'.repeat(65) }],
  ['adds a field', { body: { ...request.body, unexpected: true } }],
  ['takes an element away', { metadata: [request.metadata].flat().slice(1) }],
  ['repeats an element', { metadata: [request.metadata, [request.metadata].flat()[1]].flat() }],
])('%s somewhere when it damages a value', (_, change) => {
  expect(damagedRequests.has(JSON.stringify({ ...request, ...change }))).toBe(true)
})

test('damages most values so that the schema refuses them, and leaves some valid', () => {
  const verdicts = samplesOf(mutated(arbitraries.SendRequest), 1000).map(value =>
    reads('SendRequest', value),
  )
  const share = verdicts.filter(Boolean).length / verdicts.length
  expect(share).toBeGreaterThan(0.2)
  expect(share).toBeLessThan(0.6)
})

test('damages a copy and leaves the value itself alone', () => {
  const before = structuredClone(request)
  samplesOf(mutated(fc.constant(request)), 200)
  expect(request).toStrictEqual(before)
})

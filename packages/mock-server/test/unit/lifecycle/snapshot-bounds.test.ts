import { ConversationBatchSchema, SendRequestSchema } from '@sendbox/schema'
import { expect, test, vi } from 'vitest'
import type { z } from 'zod'
import { createService } from '../../../src/app/create-app.ts'
import { controlOperations } from '../../../src/control/operations.ts'
import { snapshotAccount } from '../../../src/lifecycle/snapshot.ts'
import { AccountSnapshotSchema } from '../../../src/lifecycle/snapshot-schema.ts'
import { checkInput } from '../../../src/parse-input.ts'

const many = 20_000

/** The arrays and records of a schema, each with where it is. */
function* findLists(
  schema: z.core.$ZodType,
  at: string,
  seen: Set<unknown>,
): Generator<[string, z.ZodType]> {
  if (seen.has(schema)) return
  seen.add(schema)
  const { def } = (schema as z.core.$ZodTypes)._zod
  const inner: [string, z.core.$ZodType][] = []
  if (def.type === 'array') inner.push(['/*', def.element])
  if (def.type === 'record') inner.push(['/*', def.valueType])
  if (def.type === 'array' || def.type === 'record') yield [at, schema as z.ZodType]
  if (def.type === 'object')
    inner.push(
      ...Object.entries(def.shape).map(([name, field]): [string, z.core.$ZodType] => [
        `/${name}`,
        field,
      ]),
    )
  if (def.type === 'union')
    inner.push(
      ...def.options.map((option, index): [string, z.core.$ZodType] => [`(${index})`, option]),
    )
  if ('innerType' in def) inner.push(['', def.innerType])
  if (def.type === 'pipe') inner.push(['', def.in], ['', def.out])
  for (const [name, part] of inner) yield* findLists(part, at + name, seen)
}

/** Every schema of a JSON body. */
const bodies: readonly (readonly [string, z.ZodType])[] = [
  ['SEND', SendRequestSchema],
  ['CONVERSATION', ConversationBatchSchema],
  ...controlOperations.flatMap(({ id, body }) => (body ? [[id, body] as const] : [])),
]

const seen = new Set<unknown>()
const lists = bodies.flatMap(([name, schema]) => [...findLists(schema, name, seen)])

/** No schema but one that takes anything has this for a value. */
const wrong = Symbol('wrong')

test.each(lists)('the list %s reads no more than 100 wrong elements', (_, schema) => {
  const elements = Array.from({ length: many }, () => wrong)
  const { def } = (schema as unknown as z.core.$ZodTypes)._zod
  const value = def.type === 'record' ? Object.fromEntries(elements.entries()) : elements
  const { error } = schema.safeParse(value)
  expect(error?.issues.length ?? 0).toBeLessThanOrEqual(100)
})

test('those are all lists of all bodies', () => {
  const names = lists.map(([name]) => name)
  expect(names).toEqual(
    expect.arrayContaining([
      'CONVERSATION',
      'verifyRequests/order',
      'putSnapshot/conversations',
      'putSnapshot/profiles',
    ]),
  )
  expect(names.length).toBeGreaterThan(25)
})

test('a snapshot of 20,000 wrong conversations names the first 100, and redacts no more than those', async () => {
  const { conversations: _, ...snapshot } = await snapshotAccount(createService({}), '1')
  using entries = vi.spyOn(Object, 'entries')
  const input = {
    ...snapshot,
    conversations: Array.from({ length: many }, () => ({ clientSecret: 'x' })),
  }
  const checked = checkInput(AccountSnapshotSchema, input)
  expect(entries.mock.calls.length).toBeLessThan(5000)
  const paths = checked.ok ? [] : checked.refusal.map(({ path }) => path)
  expect(paths).toHaveLength(100)
  expect(paths[0]).toBe('/conversations/0/state')
  expect(!checked.ok && checked.refusal.find(({ path }) => path.endsWith('Secret'))).toMatchObject({
    path: '/conversations/0/clientSecret',
    received: '<redacted>',
  })
})

import { expect, test } from 'vitest'
import { z } from 'zod'
import { AppInstallManifestSchema, toInputProblems } from '../../../src/index.ts'

const messagesOf = (schema: z.ZodType, value: unknown, shown = value): string[] => {
  const { error } = schema.safeParse(value)
  return error ? toInputProblems(schema, shown, error).map(({ message }) => message) : []
}

const SettingsSchema = z.strictObject({
  port: z.int().max(65_535).optional(),
  names: z.array(z.string().min(1)).min(1).prefault(['a']),
  limits: z.strictObject({ files: z.int() }).default({ files: 1 }),
  accounts: z.record(z.string(), z.strictObject({ mode: z.enum(['on', 'off']).default('on') })),
})

test('describes a mismatch by JSON Pointer, expectation and what came', () => {
  const value = { accounts: { 'a/b': { mode: 'of' } } }
  const { error } = SettingsSchema.safeParse(value)
  expect(error && toInputProblems(SettingsSchema, value, error)).toEqual([
    {
      path: '/accounts/a~1b/mode',
      expected: 'on or off',
      received: '"of"',
      message: '/accounts/a~1b/mode: expected on or off, received "of" (did you mean "off"?)',
    },
  ])
})

test('suggests a known field for each unknown one that resembles it, swapped letters included', () => {
  const value = {
    prot: 1,
    colour: 2,
    limits: { files: 1, flies: 2 },
    accounts: { '1': { mod: 'on' } },
  }
  expect(messagesOf(SettingsSchema, value)).toEqual([
    '/limits/flies: expected no such field, received 2 (did you mean "files"?)',
    '/accounts/1/mod: expected no such field, received "on" (did you mean "mode"?)',
    '/prot: expected no such field, received 1 (did you mean "port"?)',
    '/colour: expected no such field, received 2',
  ])
})

test('counts one element and several characters as prose does', () => {
  expect(messagesOf(SettingsSchema, { accounts: {}, names: [] })).toEqual([
    '/names: expected at least 1 element, received []',
  ])
  expect(messagesOf(z.string().min(2), '')).toEqual([
    'The payload: expected at least 2 characters, received ""',
  ])
  expect(messagesOf(SettingsSchema, { accounts: {}, port: 70_000 })).toEqual([
    '/port: expected at most 65535, received 70000',
  ])
})

test('shows the value that it is given, not the one that was parsed', () => {
  expect(messagesOf(z.object({ secret: z.string() }), { secret: 1 }, { secret: '***' })).toEqual([
    '/secret: expected string, received "***"',
  ])
})

test('says what an app install manifest wants', () => {
  const webhooks = {
    'cqm.ExConversationChangeNotification': { endpoint: 'ftp://x', max_retries: 6 },
    retry: { retention_time: 1 },
  }
  const path = '/capabilities/webhooks'
  expect(messagesOf(AppInstallManifestSchema, { capabilities: { webhooks } })).toEqual([
    `${path}/cqm.ExConversationChangeNotification/endpoint: expected a URL with http or https, received "ftp://x"`,
    `${path}/cqm.ExConversationChangeNotification/max_retries: expected an integer from 0 to 5, received 6`,
    `${path}/retry/retention_time: expected 0 or a number of seconds from 2 to 259200, received 1`,
  ])
})

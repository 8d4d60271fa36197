import type { SentErrorResponse } from '@sendbox/schema'
import { describe, expect, test } from 'vitest'
import { fixedSettingsView, SettingsChangeSchema } from '../../../src/accounts/account-settings.ts'
import {
  type MockServer,
  type SettingsChange,
  type SettingsInput,
  startMockServer,
} from '../../../src/index.ts'
import { SettingsSchema } from '../../../src/settings.ts'
import { createDataFolder } from '../../data-folder.ts'
import { call, startConsumerSession, text } from '../consumer-session.ts'
import { observe } from './observe-settings.ts'

/** A change of each setting that can be changed at run time, and of what it needs to have an effect. */
const changes: Readonly<Record<string, SettingsChange>> = {
  'domainApi.single': { domainApi: { single: 'array' } },
  'token.expiresIn': { token: { expiresIn: false } },
  'token.lifetimeSeconds': { token: { lifetimeSeconds: 60 } },
  missingAppJwtErrorCode: { missingAppJwtErrorCode: 40104 },
  missingClaimStatus: { missingClaimStatus: 401 },
  mode: { mode: 'strict' },
  'limits.fileBytes': { limits: { fileBytes: 5 } },
  'limits.previewCharacters': { limits: { previewCharacters: 10 } },
  'limits.textLength': { limits: { textLength: 2 } },
  'limits.jsonValues': { limits: { jsonValues: 15 } },
  'limits.requestsPerSecond': { limits: { requestsPerSecond: 3 } },
  'limits.fileTypes': { limits: { fileTypes: ['PDF'] } },
  evidenceHeaders: { evidenceHeaders: false },
  hintHeader: { hintHeader: false },
  minEvidence: { minEvidence: 'documented' },
  secondConversation: { secondConversation: 'allow' },
  survey: { survey: true },
  magicValues: { magicValues: true },
  'autoMessages.enabled': { autoMessages: { enabled: true } },
  'autoMessages.text': { autoMessages: { enabled: true, text: 'One moment, please.' } },
  'errors.body': { errors: { body: 'string' } },
  'webhooks.messageAudience': { webhooks: { messageAudience: false } },
  'webhooks.surveyExConversation': { survey: true, webhooks: { surveyExConversation: true } },
  'webhooks.signature': { webhooks: { signature: 'sha256' } },
  'webhooks.signatureEncoding': { webhooks: { signatureEncoding: 'hex' } },
  'webhooks.form': { webhooks: { form: '2018' } },
}

const accountId = '12345678'

const now = () => Date.parse('2026-01-01T00:00:00Z')

const start = (settings = {}) => startMockServer({ seed: 'settings', now, settings })

/** The paths of all settings, such as `/domainApi/single`. */
const pathsOf = (value: object): string[] =>
  Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? pathsOf(inner).map(path => `/${name}${path}`)
      : [`/${name}`],
  )

test('each setting is fixed at the start, or has a change here', () => {
  const changed = Object.keys(changes).map(path => `/${path.replaceAll('.', '/')}`)
  const fixed = fixedSettingsView.map(({ path }) => path)
  expect([...changed, ...fixed].toSorted()).toEqual(pathsOf(SettingsSchema.parse({})).toSorted())
})

/** The observation without a change, by account. */
const unchanged = new Map<string, Promise<unknown>>()

const observeUnchanged = (id: string): Promise<unknown> => {
  const observed = unchanged.get(id) ?? observeWith({}, id)
  unchanged.set(id, observed)
  return observed
}

async function observeWith(settings: SettingsInput, id: string): Promise<unknown> {
  await using server = await start(settings)
  return await observe(server, id)
}

describe.each(Object.entries(changes))('%s', (_, change) => {
  test('has the same effect whether it is changed or set at the start, on its account alone', async () => {
    await using changed = await start()
    changed.account(accountId).settings.change(change)
    const observed = await observe(changed, accountId)
    expect(observed).toEqual(await observeWith(change as SettingsInput, accountId))
    expect(observed).not.toEqual(await observeUnchanged(accountId))
    expect(await observe(changed, '2')).toEqual(await observeUnchanged('2'))
  })
})

const settingsUrl = ({ url }: MockServer): string =>
  `${url}/__sendbox/accounts/${accountId}/settings`

const put = (server: MockServer, body: unknown) =>
  call(settingsUrl(server), {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })

test('a change is merged, and null restores the value of the start', async () => {
  await using server = await start({ survey: true, limits: { textLength: 7 } })
  await put(server, { survey: false, limits: { textLength: 5, fileBytes: 9 } })
  const merged = await put(server, { limits: { fileBytes: null }, hintHeader: false })
  expect(merged.status).toBe(200)
  expect(merged.json).toMatchObject({
    settings: { survey: false, hintHeader: false, limits: { textLength: 5, fileBytes: 3_145_728 } },
    changes: { survey: false, hintHeader: false, limits: { textLength: 5 } },
    fixed: fixedSettingsView,
  })
  expect((await call(settingsUrl(server))).json).toEqual(merged.json)
  const restored = await put(server, { survey: null, limits: null, hintHeader: null })
  expect(restored.json).toMatchObject({
    settings: { survey: true, hintHeader: true, limits: { textLength: 7 } },
    changes: {},
  })
  expect(server.account().settings.current).toEqual(server.account('2').settings.current)
  expect(await server.account().snapshot()).not.toHaveProperty('settings')
})

test('a list is replaced as a whole', async () => {
  await using server = await start({ limits: { fileTypes: ['PDF', 'TXT'] } })
  const { settings } = server.account()
  expect(settings.change({ limits: { fileTypes: ['MP4'] } }).limits.fileTypes).toEqual(['MP4'])
})

test('unknown settings and wrong values are refused with their places, and nothing is changed', async () => {
  await using server = await start()
  const refused = await put(server, {
    survey: true,
    serveys: null,
    limits: { textLength: 'long', fileSize: 3 },
  })
  expect(refused.status).toBe(400)
  expect(refused.json).toMatchObject({
    problems: [
      { path: '/limits/textLength', received: '"long"' },
      { path: '/limits/fileSize', expected: 'no such field' },
      { path: '/serveys', message: expect.stringContaining('did you mean "survey"?') },
    ],
  })
  expect(server.account().settings.current.survey).toBe(false)
  expect((await put(server, null)).status).toBe(400)
  expect((await put(server, [])).status).toBe(400)
})

test.each(fixedSettingsView)('$path is refused with the reason', async ({ path, reason }) => {
  await using server = await start()
  const names = path.slice(1).split('/')
  const value = names.reduce<unknown>((inner, name) => (inner as never)[name], {
    ...server.account().settings.current,
  })
  const change = names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value)
  const refused = await put(server, change)
  expect(refused.status).toBe(400)
  expect(refused.json).toMatchObject({
    problems: [{ path, expected: `the value of the start: ${reason}` }],
  })
  expect(() => server.account().settings.change(change as SettingsChange)).toThrow(reason)
})

test('changes survive a restart, over the settings of that start, until the account is reset', async () => {
  const data = await createDataFolder()
  const first = await startMockServer({ data })
  await put(first, { limits: { textLength: 3 } })
  await first.close()

  const second = await startMockServer({
    data,
    settings: { survey: true, limits: { fileBytes: 5 } },
  })
  const { settings } = second.account()
  expect(settings.current).toMatchObject({ survey: true, limits: { textLength: 3, fileBytes: 5 } })
  await second.account().reset()
  expect(settings.current.limits.textLength).toBeNull()
  await second.close()

  await using third = await startMockServer({ data })
  expect(third.account().settings.current.limits.textLength).toBeNull()
})

test('a snapshot has the changes, and a snapshot without any restores the settings of the start', async () => {
  await using server = await start()
  const account = server.account()
  const before = await account.snapshot()
  expect(before).not.toHaveProperty('settings')
  account.settings.change({ survey: true })
  const changed = await account.snapshot()
  expect(changed.settings).toEqual({ survey: true })
  await account.restore(before)
  expect(account.settings.current.survey).toBe(false)
  await account.restore(changed)
  expect(account.settings.current.survey).toBe(true)
})

test('a snapshot with a setting that is fixed at the start is refused', async () => {
  await using server = await start()
  const account = server.account()
  const snapshot = await account.snapshot()
  const settings = { transcriptEntries: 5 } as SettingsChange
  await expect(account.restore({ ...snapshot, settings })).rejects.toThrow('/settings/transcript')
})

test('a call that is running goes by the settings of its arrival', async () => {
  await using session = await startConsumerSession()
  const account = session.server.account()
  account.faults.add({ action: { delayMs: 200 } })
  const sent = session.publish(text('too long'))
  await expect.poll(() => account.faults.list()[0]?.acted).toBe(1)
  account.settings.change({ limits: { textLength: 2 }, errors: { body: 'string' } })
  expect((await sent).status).toBe(200)
  const refused = await session.publish(text('too long'))
  expect((refused.json as SentErrorResponse).body).toBeTypeOf('string')
})

test('the schema of changes accepts each change here', () => {
  for (const change of Object.values(changes))
    expect(SettingsChangeSchema.parse(change)).toEqual(change)
})

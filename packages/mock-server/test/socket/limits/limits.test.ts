import { expect, test } from 'vitest'
import { SettingsSchema } from '../../../src/settings.ts'
import { readLimits } from '../../limits-table.ts'
import { connectionLimits } from './connections.ts'
import { controlLimits } from './control.ts'
import { requestLimits } from './requests.ts'
import { storedLimits } from './stored.ts'
import { streamLimits } from './streams.ts'
import { webhookLimits } from './webhooks.ts'

const limits = readLimits('Limits')
const checks = {
  ...requestLimits,
  ...storedLimits,
  ...controlLimits,
  ...webhookLimits,
  ...connectionLimits,
  ...streamLimits,
}

test('each limit on the page has a check, and each check a limit', () => {
  expect(Object.keys(checks).toSorted()).toEqual(limits.map(({ limit }) => limit).toSorted())
})

test.each(limits)('$limit: the maximum is accepted, and beyond it: $beyond', async row => {
  expect.hasAssertions()
  await checks[row.limit]?.(row)
})

const defaults: unknown = SettingsSchema.parse({})

test.each(limits.filter(({ setting }) => /^\w+(\.\w+)?$/.test(setting)))(
  '$limit: the maximum is the default of $setting',
  ({ setting, numbers: [maximum = null] }) => {
    const value = setting
      .split('.')
      .reduce((part, name) => (part as Record<string, unknown>)[name], defaults)
    expect(value).toBe(maximum)
  },
)

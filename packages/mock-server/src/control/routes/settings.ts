import { z } from 'zod'
import { fixedSettingsView, SettingsChangeSchema } from '../../accounts/account-settings.ts'
import type { ServiceResponse } from '../../http/response.ts'
import type { Services } from '../../services.ts'
import { SettingsSchema } from '../../settings.ts'
import { defineControlOperation } from '../operation.ts'

const path = '/accounts/{accountId}/settings'

const SettingsViewSchema = z.object({
  /** All settings in effect. */
  settings: SettingsSchema,
  /** The changes of this account. */
  changes: SettingsChangeSchema,
  /** The settings that cannot be changed while the mock runs. */
  fixed: z.array(
    z.object({
      /** JSON Pointer. */
      path: z.string(),
      reason: z.string(),
    }),
  ),
})

const toResponse = (accountId: string, { settings }: Services): ServiceResponse => ({
  status: 200,
  body: {
    settings: settings.of(accountId),
    changes: settings.changesOf(accountId),
    fixed: fixedSettingsView,
  } satisfies z.output<typeof SettingsViewSchema>,
})

export const getSettings = defineControlOperation({
  id: 'getSettings',
  method: 'GET',
  path,
  summary:
    'Shows the settings of an account: those in effect, those that were changed for it, and those that are fixed at the start',
  responses: { 200: SettingsViewSchema },
  handle: ({ params: { accountId = '' } }, services) => toResponse(accountId, services),
})

export const putSettings = defineControlOperation({
  id: 'putSettings',
  method: 'PUT',
  path,
  summary:
    'Changes settings of an account by a JSON merge patch (RFC 7396), from the next call on; `null` restores the value of the start, as a reset of the account does for all',
  body: SettingsChangeSchema,
  responses: { 200: SettingsViewSchema },
  handle({ params: { accountId = '' }, body }, services) {
    services.settings.change(accountId, body)
    return toResponse(accountId, services)
  },
})

import { diagnoseManifest } from '@sendbox/schema'
import { z } from 'zod'
import { type AppInstall, AppInstallChangeSchema } from '../../accounts/app-installs.ts'
import type { ServiceResponse } from '../../http/response.ts'
import { PayloadProblemSchema } from '../../journal/entry.ts'
import { redactProblem, redactSecrets } from '../../redact/secrets.ts'
import { defineControlOperation } from '../operation.ts'

const path = '/accounts/{accountId}/app-install'

const AppInstallViewSchema = z.object({
  clientId: z.string(),
  clientSecret: z.literal('<redacted>'),
  capabilities: AppInstallChangeSchema.shape.capabilities,
  /** The webhooks of the manifest without an effect, such as an event type that never fires; absent if there are none. Rule: WH-1. */
  diagnostics: z.array(PayloadProblemSchema).exactOptional(),
})

function toResponse(install: AppInstall, manifest: unknown = install): ServiceResponse {
  const secrets = [install.clientSecret]
  const diagnostics = diagnoseManifest(manifest).map(found => redactProblem(found, secrets))
  const shown = diagnostics.length > 0 && { diagnostics: redactSecrets(diagnostics, secrets) }
  return { status: 200, body: { ...(redactSecrets(install) as object), ...shown } }
}

export const getAppInstall = defineControlOperation({
  id: 'getAppInstall',
  method: 'GET',
  path,
  summary: 'Shows the first app install of an account, without its secrets',
  responses: { 200: AppInstallViewSchema },
  handle: ({ params: { accountId = '' } }, { installs }) => toResponse(installs.of(accountId)),
})

/** The next notification uses the new install. Rules: WH-1, WH-12. */
export const putAppInstall = defineControlOperation({
  id: 'putAppInstall',
  method: 'PUT',
  path,
  summary: 'Replaces the first app install of an account; credentials that are left out stay',
  body: AppInstallChangeSchema,
  responses: { 200: AppInstallViewSchema },
  handle: ({ params: { accountId = '' }, body }, { installs }) =>
    toResponse(installs.replace(accountId, body), body),
})

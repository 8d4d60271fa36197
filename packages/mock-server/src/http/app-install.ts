import { AppInstallManifestSchema } from '@sendbox/schema'
import type { Request, Response } from 'express'
import type { AppInstall } from '../app-installs.ts'
import { redactSecrets } from '../redact-secrets.ts'
import type { Service } from '../service.ts'
import type { Answer } from './answer.ts'
import { readControlBody } from './read-control-body.ts'

const toAnswer = (install: AppInstall): Answer => ({ status: 200, body: redactSecrets(install) })

/** Answers which app install an account has, without its secrets. */
export const getAppInstall = (request: Request<{ accountId: string }>, service: Service): Answer =>
  toAnswer(service.installs.of(request.params.accountId))

/**
 * Replaces the manifest of an account's app install and answers what is in effect: its client, and the `capabilities` of the body.
 * Other fields of a manifest have no effect. Webhooks are kept and shown, but not delivered yet. Rule: WH-1.
 */
export async function putAppInstall(
  request: Request<{ accountId: string }>,
  response: Response,
  service: Service,
): Promise<Answer> {
  const manifest = await readControlBody(AppInstallManifestSchema, request, response, service)
  return manifest.ok
    ? toAnswer(service.installs.replaceManifest(request.params.accountId, manifest.value))
    : manifest.answer
}

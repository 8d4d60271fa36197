import type { Request, Response } from 'express'
import { type AppInstall, AppInstallChangeSchema } from '../app-installs.ts'
import { redactSecrets } from '../redact-secrets.ts'
import type { Service } from '../service.ts'
import type { Answer } from './answer.ts'
import { readControlBody } from './read-control-body.ts'

const toAnswer = (install: AppInstall): Answer => ({ status: 200, body: redactSecrets(install) })

/** Answers which app install an account has, without its secrets. */
export const getAppInstall = (request: Request<{ accountId: string }>, service: Service): Answer =>
  toAnswer(service.installs.of(request.params.accountId))

/**
 * Replaces an account's app install and answers what is in effect: `{clientId?, clientSecret?, capabilities?}`, where credentials that
 * are left out stay. Webhooks are kept and shown, but not delivered yet. Rule: WH-1.
 */
export async function putAppInstall(
  request: Request<{ accountId: string }>,
  response: Response,
  service: Service,
): Promise<Answer> {
  const manifest = await readControlBody(AppInstallChangeSchema, request, response, service)
  return manifest.ok
    ? toAnswer(service.installs.replace(request.params.accountId, manifest.value))
    : manifest.answer
}

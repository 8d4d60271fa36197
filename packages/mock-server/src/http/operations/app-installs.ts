import { type AppInstallUpdate, errorCodes, type SentAppInstall } from '@sendbox/schema'
import { type AppInstall, CheckedAppInstallUpdateSchema } from '../../accounts/app-installs.ts'
import { checkInput } from '../../parse-input.ts'
import type { Services } from '../../services.ts'
import type { Call } from '../call.ts'
import {
  type Refusal,
  type Result,
  refuse,
  type ServiceResponse,
  toErrorResponse,
} from '../response.ts'

/** An install as the service shows it, its secret included. Rule: EP-19. */
const toBody = ({ clientId, clientSecret, capabilities, details }: AppInstall): SentAppInstall => ({
  client_name: clientId,
  description: '',
  enabled: true,
  grant_types: ['client_credentials'],
  response_types: [],
  scope: 'msg.consumer',
  logo_uri: '',
  ...details,
  capabilities: capabilities ?? {},
  client_id: clientId,
  client_secret: clientSecret,
  id: clientId,
  client_id_issued_at: 0,
  client_secret_expires_at: 0,
  deleted: false,
})

/** Responds with installs, and their revision; no cache may store their secrets. */
const respond = (
  body: SentAppInstall | readonly SentAppInstall[],
  { accountId }: Call,
  { installs }: Services,
): ServiceResponse => ({
  status: 200,
  body,
  headers: { 'ac-revision': installs.revisionOf(accountId), 'Cache-Control': 'no-store' },
  rules: ['EP-19.1'],
})

/** Rule: EP-19.2. */
async function checkBearer(
  { request, accountId }: Call,
  { tokens, clocks }: Services,
): Promise<Refusal | undefined> {
  const bearer = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1] ?? ''
  return (await tokens.isBearer(bearer, accountId, clocks.now(accountId)))
    ? undefined
    : { errorCode: errorCodes.invalidBearer }
}

/** The install of the path. Rule: EP-19.2. */
async function findInstall(call: Call, services: Services): Promise<Result<AppInstall>> {
  const refusal = await checkBearer(call, services)
  if (refusal) return { ok: false, refusal }
  const { installId } = call.request.params
  const found = services.installs
    .list(call.accountId)
    .find(({ clientId }) => clientId === installId)
  return found ? { ok: true, value: found } : refuse(errorCodes.appInstallNotFound)
}

/** The install of the path, to be changed: only the first of an account can be, and `If-Match` must be the present revision. */
async function findForChange(call: Call, services: Services): Promise<Result<AppInstall>> {
  const { request, accountId } = call
  const { installs } = services
  const found = await findInstall(call, services)
  if (!found.ok) return found
  const revision = request.get('if-match')
  if (revision !== installs.revisionOf(accountId)) return refuse(errorCodes.staleRevision)
  return found.value === installs.of(accountId) ? found : refuse(errorCodes.serviceNotImplemented)
}

/** The client id and the secret are the service's: a PUT repeats or omits them. Rule: EP-19. */
function findChanged(
  { id, client_id, client_secret }: AppInstallUpdate,
  { clientId, clientSecret }: AppInstall,
): Result<undefined> {
  const [name] =
    Object.entries({
      id: [id, clientId],
      client_id: [client_id, clientId],
      client_secret: [client_secret, clientSecret],
    }).find(([, [given, own]]) => given !== undefined && given !== own) ?? []
  const expected = 'the one of the app install, or none: it cannot be changed'
  return name === undefined
    ? { ok: true, value: undefined }
    : refuse(errorCodes.invalidPayload, { pointer: `/${name}`, expected }, ['EP-19.2'])
}

/** Responds with the app installs of an account. Rule: EP-19. */
export async function appInstalls(call: Call, services: Services): Promise<ServiceResponse> {
  const refusal = await checkBearer(call, services)
  if (refusal) return toErrorResponse(refusal, call.settings)
  return respond(services.installs.list(call.accountId).map(toBody), call, services)
}

/** Responds with one app install. Rule: EP-19. */
export async function appInstall(call: Call, services: Services): Promise<ServiceResponse> {
  const found = await findInstall(call, services)
  return found.ok
    ? respond(toBody(found.value), call, services)
    : toErrorResponse(found.refusal, call.settings)
}

/** Replaces an app install; the next notification uses it. Rules: EP-19, WH-1, WH-12, WH-13. */
export async function replaceAppInstall(call: Call, services: Services): Promise<ServiceResponse> {
  const { accountId, json: payload, settings } = call
  const { installs } = services
  const found = await findForChange(call, services)
  if (!found.ok) return toErrorResponse(found.refusal, settings)
  if (!payload.ok) return toErrorResponse(payload.refusal, settings)
  const parsed = checkInput(
    CheckedAppInstallUpdateSchema,
    payload.value,
    installs.secretsOf(accountId),
  )
  if (!parsed.ok) {
    const [{ path: pointer, expected } = { path: '', expected: 'another payload' }] = parsed.refusal
    const { refusal } = refuse(errorCodes.invalidPayload, { pointer, expected }, ['EP-19.2'])
    return toErrorResponse(refusal, settings)
  }
  const changed = findChanged(parsed.value, found.value)
  if (!changed.ok) return toErrorResponse(changed.refusal, settings)
  const { capabilities, ...details } = parsed.value
  return respond(toBody(installs.replace(accountId, { capabilities, details })), call, services)
}

/** Gives the default install of an account back, and responds with the deleted one. Rule: EP-19.2. */
export async function deleteAppInstall(call: Call, services: Services): Promise<ServiceResponse> {
  const { installs } = services
  const found = await findForChange(call, services)
  if (!found.ok) return toErrorResponse(found.refusal, call.settings)
  installs.reset(call.accountId)
  const response = respond({ ...toBody(found.value), deleted: true }, call, services)
  return { ...response, rules: ['EP-19.1', 'EP-19.2'] }
}

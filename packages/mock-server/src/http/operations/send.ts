import {
  createProblem,
  errorCodes,
  operations,
  parseSendRequest,
  type RuleId,
  type SendRequest,
  type SentFileUrl,
} from '@sendbox/schema'
import { isPathOf, toFileUrl, toRelativePath } from '../../files/file-urls.ts'
import type { Reply } from '../../model/command.ts'
import { isKnown } from '../../model/evidence.ts'
import type { Services } from '../../services.ts'
import type { Settings } from '../../settings.ts'
import { type Call, readRequestType } from '../call.ts'
import { checkPreconditions, type Parsed } from '../preconditions.ts'
import {
  type CallFacts,
  type Refusal,
  type Result,
  refuse,
  refuseForProblems,
  type ServiceResponse,
  toDiagnostics,
  toErrorResponse,
} from '../response.ts'

const sendTypes: readonly string[] = operations.send.request.options.map(
  option => option.shape.type.value,
)

/** Rules: EP-4, REQ-3, RES-7, and AUTH-11 for the limits after the schema. */
function parsePayload({ json }: Call, { mode, limits }: Settings): Result<Parsed<SendRequest>> {
  if (!json.ok) return json
  if (Array.isArray(json.value)) return refuse(errorCodes.unexpectedArray)
  const type = readRequestType(json.value)
  if (type !== undefined && !sendTypes.includes(type))
    return refuse(errorCodes.unsupportedType, { type })
  const parsed = parseSendRequest(json.value, { mode, limits })
  if (!parsed.ok) return refuseForProblems(parsed.problems)
  return { ok: true, value: { payload: parsed.request, diagnostics: parsed.diagnostics } }
}

type RequestOf<Type extends SendRequest['type']> = Extract<SendRequest, { type: Type }>

/** The consumer who sends, and the features of the call. */
export interface Sender {
  readonly accountId: string
  readonly consumerId: string
  readonly features: readonly string[]
  readonly minEvidence: Settings['minEvidence']
  readonly services: Pick<Services, 'conversations' | 'store' | 'clocks' | 'random'>
}

/** The result of a request, and the conversation that it turned out to be about. */
interface Performed {
  readonly reply: Reply | UrlReply | UrlRefusal
  readonly conversationId?: string
}

/** A reply with the URL of a file. */
interface UrlReply {
  readonly ok: true
  readonly body: SentFileUrl
  readonly rules: readonly RuleId[]
  readonly unknownParts?: undefined
}

/** The refusal to sign the URL of a file. */
interface UrlRefusal extends Refusal {
  readonly ok: false
}

/** A main dialog has its conversation's id; a survey's conversation is looked up where none is given. Rules: PUB-1, LIF-4. */
async function publish(
  { body, metadata }: RequestOf<'ms.PublishEvent'>,
  { accountId, consumerId, features, minEvidence, services: { conversations, store } }: Sender,
): Promise<Performed> {
  const { dialogId, event, conversationId: given } = body
  const conversationId = given ?? store.findConversationId(accountId, dialogId) ?? dialogId
  const rules: readonly RuleId[] =
    conversationId === dialogId ? [] : ['SEQ-3', given ? 'LIF-4.1' : 'LIF-4.2']
  const command = {
    type: 'publish',
    participant: { id: consumerId, role: 'CONSUMER' },
    dialogId,
    event,
    features,
    ...(metadata && { metadata }),
  } as const
  const key = { accountId, conversationId }
  return { reply: await conversations.run(key, command, { rules, minEvidence }), conversationId }
}

async function updateFields(
  { body: { conversationId, conversationField } }: RequestOf<'cm.UpdateConversationField'>,
  { accountId, consumerId, minEvidence, services: { conversations } }: Sender,
): Promise<Performed> {
  const participant = { id: consumerId, role: 'CONSUMER' } as const
  const command = { type: 'updateFields', participant, fields: conversationField } as const
  const key = { accountId, conversationId }
  return { reply: await conversations.run(key, command, { minEvidence }), conversationId }
}

const profileRules = ['RES-4a', 'PRO-1'] as const

async function setProfile(
  { body }: RequestOf<'userprofile.SetUserProfile'>,
  { accountId, consumerId, minEvidence, services: { store } }: Sender,
): Promise<Performed> {
  if (!isKnown(profileRules, minEvidence))
    return {
      reply: { ok: false, errorCode: errorCodes.insufficientEvidence, rules: profileRules },
    }
  await store.saveProfile({ accountId, consumerId }, body)
  const msg = 'OK User Profile set successfully'
  return { reply: { ok: true, body: { msg }, rules: profileRules } }
}

/** Creates the path of a file, and signs its upload. Rules: URL-1, URL-3. */
function toUploadUrl(
  { body: { fileType } }: RequestOf<'ms.GenerateURLForUploadFile'>,
  { accountId, consumerId, services: { clocks, random } }: Sender,
): Performed {
  const now = clocks.now(accountId)
  const uuid = random.uuid(accountId)
  const body = toFileUrl('PUT', toRelativePath({ accountId, consumerId, uuid, fileType, now }), now)
  return { reply: { ok: true, body, rules: ['URL-1', 'URL-3.1', 'URL-3.2'] } }
}

/** Signs the download of a file of the own account. Rules: URL-2, URL-2a, URL-3. */
function toDownloadUrl(
  { body: { relativePath } }: RequestOf<'ms.GenerateURLForDownloadFile'>,
  { accountId, services: { clocks } }: Sender,
): Performed {
  if (!isPathOf(accountId, relativePath)) {
    const { refusal } = refuseForProblems([
      createProblem({
        path: ['body', 'relativePath'],
        expected: 'a path of a file of this account',
        received: relativePath,
        rule: 'URL-2a',
      }),
    ])
    return { reply: { ok: false, ...refusal } }
  }
  const body = toFileUrl('GET', relativePath, clocks.now(accountId))
  return { reply: { ok: true, body, rules: ['URL-2', 'URL-3.1', 'URL-3.2'] } }
}

/** Performs a parsed request for the consumer who sends it. */
export function perform(request: SendRequest, sender: Sender): Performed | Promise<Performed> {
  switch (request.type) {
    case 'ms.PublishEvent':
      return publish(request, sender)
    case 'cm.UpdateConversationField':
      return updateFields(request, sender)
    case 'userprofile.SetUserProfile':
      return setProfile(request, sender)
    case 'ms.GenerateURLForUploadFile':
      return toUploadUrl(request, sender)
    case 'ms.GenerateURLForDownloadFile':
      return toDownloadUrl(request, sender)
  }
}

const urlTypes: readonly SendRequest['type'][] = [
  'ms.GenerateURLForUploadFile',
  'ms.GenerateURLForDownloadFile',
]

/** The keys are in the order of the samples. Rule: RES-1a. */
const toBody = ({ type }: SendRequest, reqId: string | undefined, body: unknown): unknown =>
  urlTypes.includes(type) ? { code: 'OK', body, reqId } : { reqId, code: 'OK', body }

const responseRules: readonly RuleId[] = ['EP-1', 'RES-1', 'RES-1a', 'RES-2']

/** Responds to SEND: one request. Rules: EP-1, AUTH-11, RES-1, RES-1a, RES-4a. */
export async function send(call: Call, services: Services): Promise<ServiceResponse> {
  const { accountId, subject, settings } = call
  const { checked, facts } = await checkPreconditions(call, parsePayload, services)
  if (!checked.ok) return { ...toErrorResponse(checked.refusal, settings), facts }
  const { consumerId, payload: request, features, diagnostics } = checked.value
  const { reply, conversationId } = await perform(request, {
    accountId,
    consumerId,
    features,
    minEvidence: settings.minEvidence,
    services,
  })
  const noted = reply.ok && reply.unknownParts ? toDiagnostics(reply, ['body', 'event']) : []
  const known: CallFacts = {
    consumerId,
    extConsumerId: facts.extConsumerId,
    conversationId,
    diagnostics: noted.length === 0 ? diagnostics : [...diagnostics, ...noted],
    problems: facts.problems,
  }
  if (!reply.ok) {
    const problems = 'problems' in reply ? reply.problems : facts.problems
    const refused = toErrorResponse({ ...reply, reqId: subject.reqId }, settings)
    return { ...refused, facts: { ...known, problems } }
  }
  const rules = [...responseRules, ...reply.rules]
  for (const { rule } of diagnostics) rules.push(rule)
  return { status: 200, body: toBody(request, subject.reqId, reply.body), rules, facts: known }
}

import {
  type FileUrl,
  operations,
  type Participant,
  parseSendRequest,
  type RuleId,
  type SendRequest,
} from '@sendbox/schema'
import { toFileUrl, toRelativePath } from '../../files/file-urls.ts'
import type { Command, Reply, Transition } from '../../model/command.ts'
import type { ConversationState } from '../../model/conversation-state.ts'
import { isKnown } from '../../model/evidence.ts'
import { reduce, withinEvidence, withRules } from '../../model/reduce.ts'
import { type Services, toEnvironment } from '../../services.ts'
import type { Settings } from '../../settings.ts'
import { type Soon, whenThere } from '../../soon.ts'
import { transact } from '../../store/conversations.ts'
import type { Call, CallFacts } from '../call.ts'
import { readRequestType } from '../call.ts'
import { type AuthenticatedCall, checkPreconditions } from '../preconditions.ts'
import {
  type Result,
  refuse,
  refuseForProblem,
  type ServiceResponse,
  toErrorResponse,
} from '../response.ts'
import { readFeatures } from './client-properties.ts'

const sendTypes: readonly string[] = operations.send.request.options.map(
  option => option.shape.type.value,
)

/** A request that was read, and the rules by which it was taken in spite of something. */
interface ParsedRequest {
  readonly request: SendRequest
  readonly noted: readonly RuleId[]
}

/** Rules: EP-4, REQ-3, RES-7, and AUTH-11 for the limits after the schema. */
function readSendRequest(
  payload: unknown,
  { mode, limits }: Settings,
  notes: CallFacts,
): Result<ParsedRequest> {
  if (Array.isArray(payload)) return refuse(40051)
  const type = readRequestType(payload)
  if (type !== undefined && !sendTypes.includes(type)) return refuse(40053, { type })
  const result = parseSendRequest(payload, { mode, limits })
  if (!result.ok) {
    notes.problems = result.problems
    return refuseForProblem(result.problems[0])
  }
  notes.diagnostics = result.diagnostics
  const noted = result.diagnostics.map(({ rule }) => rule)
  return { ok: true, value: { request: result.request, noted } }
}

type Publish = Extract<SendRequest, { type: 'ms.PublishEvent' }>
type Update = Extract<SendRequest, { type: 'cm.UpdateConversationField' }>

/** A request for the model, and the conversation that it is about. */
interface ModelRequest {
  readonly conversationId: string
  readonly command: Command
  /** What decides the answer beside the model. */
  readonly rules?: readonly RuleId[]
}

/** The main dialog's id is its conversation's; a survey's is looked up where no conversationId came with it. Rules: PUB-1, LIF-4. */
function fromPublish(
  { body, metadata }: Publish,
  { accountId, participant, features }: Sender,
  { store }: Services,
): Soon<ModelRequest> {
  const { dialogId, event } = body
  const given = metadata && { metadata }
  const command = { type: 'publish', participant, dialogId, event, features, ...given } as const
  const named = body.conversationId ?? store.findConversationId(accountId, dialogId)
  return whenThere(named, (conversationId = dialogId): ModelRequest => {
    if (conversationId === dialogId) return { conversationId, command }
    const rule = body.conversationId ? 'LIF-4.1' : 'LIF-4.2'
    return { conversationId, command, rules: ['SEQ-3', rule] }
  })
}

const fromUpdate = ({ body }: Update, { participant }: Sender): ModelRequest => ({
  conversationId: body.conversationId,
  command: { type: 'updateFields', participant, fields: body.conversationField },
})

/** Who sends, to which account. */
interface Sender {
  readonly accountId: string
  readonly participant: Participant
  /** What its client named with this call. Rule: REQ-6. */
  readonly features: readonly string[]
  readonly notes: CallFacts
}

function runInModel(
  { conversationId, command, rules }: ModelRequest,
  { accountId, notes }: Sender,
  service: Services,
): Soon<Reply> {
  notes.conversationId = conversationId
  const step = (state: ConversationState | undefined): Transition => {
    const taken = reduce(state, command, toEnvironment(service, accountId))
    const decided = rules ? withRules(taken, rules) : taken
    return withinEvidence(decided, state, service.settings.minEvidence)
  }
  return transact({ accountId, conversationId }, step, service)
}

const profileRules = ['RES-4a', 'PRO-1'] as const

async function setProfile(
  { body }: Extract<SendRequest, { type: 'userprofile.SetUserProfile' }>,
  { accountId, participant }: Sender,
  { store, settings }: Services,
): Promise<Reply> {
  if (!isKnown(profileRules, settings.minEvidence))
    return { ok: false, errorCode: 50150, rules: profileRules }
  await store.saveProfile({ accountId, consumerId: participant.id }, body)
  return { ok: true, body: { msg: 'OK User Profile set successfully' }, rules: profileRules }
}

/** Makes up a place for a file, and signs its upload. Rules: URL-1, URL-3. */
function toUploadUrl(
  { body: { fileType } }: Extract<SendRequest, { type: 'ms.GenerateURLForUploadFile' }>,
  { accountId, participant }: Sender,
  { clocks, random }: Services,
): FileUrl {
  const now = clocks.of(accountId).now()
  const uuid = random.uuid(accountId)
  const file = { accountId, consumerId: participant.id, uuid, fileType, now }
  return toFileUrl('PUT', toRelativePath(file), now)
}

/** Rules: URL-2, URL-3. */
const toDownloadUrl = (
  { body: { relativePath } }: Extract<SendRequest, { type: 'ms.GenerateURLForDownloadFile' }>,
  { accountId }: Sender,
  { clocks }: Services,
): FileUrl => toFileUrl('GET', relativePath, clocks.of(accountId).now())

const urlRules = ['URL-3.1', 'URL-3.2'] as const

const urlTypes: readonly SendRequest['type'][] = [
  'ms.GenerateURLForUploadFile',
  'ms.GenerateURLForDownloadFile',
]

/** The keys of an answer stand in the order of the samples. Rule: RES-1a. */
const toBody = ({ type }: SendRequest, reqId: string | undefined, body: unknown): unknown =>
  urlTypes.includes(type) ? { code: 'OK', body, reqId } : { reqId, code: 'OK', body }

/** The reply with a place for a file. */
interface UrlReply {
  readonly ok: true
  readonly body: FileUrl
  readonly rules: readonly RuleId[]
}

/** Does what a request asks for. */
function act(request: SendRequest, sender: Sender, service: Services): Soon<Reply | UrlReply> {
  switch (request.type) {
    case 'ms.PublishEvent':
      return whenThere(fromPublish(request, sender, service), asked =>
        runInModel(asked, sender, service),
      )
    case 'cm.UpdateConversationField':
      return runInModel(fromUpdate(request, sender), sender, service)
    case 'userprofile.SetUserProfile':
      return setProfile(request, sender, service)
    case 'ms.GenerateURLForUploadFile':
      return {
        ok: true,
        body: toUploadUrl(request, sender, service),
        rules: ['URL-1', ...urlRules],
      }
    case 'ms.GenerateURLForDownloadFile':
      return {
        ok: true,
        body: toDownloadUrl(request, sender, service),
        rules: ['URL-2', ...urlRules],
      }
  }
}

const answerRules = ['EP-1', 'RES-1', 'RES-1a', 'RES-2'] as const

/** Answers SEND: one action. Rules: EP-1, AUTH-11, RES-1, RES-1a, RES-4a. */
export const send = (call: Call, service: Services): Soon<ServiceResponse> =>
  whenThere(
    checkPreconditions(call, service, {
      query: operations.send.query,
      read: payload => readSendRequest(payload, service.settings, call.notes),
    }),
    admitted =>
      admitted.ok
        ? answer(admitted.value, call, service)
        : toErrorResponse(admitted.refusal, service.settings),
  )

function answer(
  { consumerId, payload, reqId }: AuthenticatedCall<ParsedRequest>,
  call: Call,
  service: Services,
): Soon<ServiceResponse> {
  const { request: asked, noted } = payload
  const sender = {
    accountId: call.accountId,
    participant: { id: consumerId, role: 'CONSUMER' } as const,
    features: readFeatures(call.request),
    notes: call.notes,
  }
  return whenThere(
    act(asked, sender, service),
    (reply): ServiceResponse =>
      reply.ok
        ? {
            status: 200,
            body: toBody(asked, reqId, reply.body),
            rules: [...answerRules, ...reply.rules, ...noted],
          }
        : toErrorResponse({ ...reply, reqId }, service.settings),
  )
}

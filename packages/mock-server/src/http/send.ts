import {
  type FileUrl,
  operations,
  type Participant,
  parseSendRequest,
  type SendRequest,
} from '@sendbox/schema'
import type { Request, Response } from 'express'
import { toFileUrl, toRelativePath } from '../file-urls.ts'
import type { Command, Reply } from '../model/command.ts'
import { reduce } from '../model/reduce.ts'
import { type Service, toEnvironment } from '../service.ts'
import type { Settings } from '../settings.ts'
import { type Answer, type Checked, refusal, refuseProblem, toErrorAnswer } from './answer.ts'
import { authorizeConsumer } from './authorize.ts'
import { readJson } from './read-json.ts'
import { readRequestId, readRequestType } from './request-id.ts'
import { checkVersion } from './version.ts'

const sendTypes: readonly string[] = operations.send.request.options.map(
  option => option.shape.type.value,
)

/** Rules: EP-4, REQ-3, RES-7, and AUTH-11 for the limits after the schema. */
function readSendRequest(payload: unknown, { mode, limits }: Settings): Checked<SendRequest> {
  if (Array.isArray(payload)) return refusal(40051)
  const type = readRequestType(payload)
  if (type !== undefined && !sendTypes.includes(type)) return refusal(40053, { type })
  const result = parseSendRequest(payload, { mode, limits })
  return result.ok ? { ok: true, value: result.request } : refuseProblem(result.problems[0])
}

type Publish = Extract<SendRequest, { type: 'ms.PublishEvent' }>
type Update = Extract<SendRequest, { type: 'cm.UpdateConversationField' }>

/** A request for the model, and the conversation that it is about. */
interface ModelRequest {
  readonly conversationId: string
  readonly command: Command
}

/** The main dialog's id is its conversation's; a survey's is looked up where no conversationId came with it. Rules: PUB-1, LIF-4. */
async function fromPublish(
  { body, metadata }: Publish,
  { accountId, participant }: Sender,
  { store }: Service,
): Promise<ModelRequest> {
  const { dialogId, event } = body
  const found = body.conversationId ?? (await store.findConversationId(accountId, dialogId))
  return {
    conversationId: found ?? dialogId,
    command: { type: 'publish', participant, dialogId, event, ...(metadata && { metadata }) },
  }
}

const fromUpdate = ({ body }: Update, { participant }: Sender): ModelRequest => ({
  conversationId: body.conversationId,
  command: { type: 'updateFields', participant, fields: body.conversationField },
})

/** Who sends, to which account. */
interface Sender {
  readonly accountId: string
  readonly participant: Participant
}

async function runInModel(
  { conversationId, command }: ModelRequest,
  { accountId }: Sender,
  service: Service,
): Promise<Reply> {
  const step = await service.store.transact({ accountId, conversationId }, state =>
    reduce(state, command, toEnvironment(service, accountId)),
  )
  return step.reply
}

/** Makes up a place for a file, and signs its upload. Rules: URL-1, URL-3. */
function toUploadUrl(
  { body: { fileType } }: Extract<SendRequest, { type: 'ms.GenerateURLForUploadFile' }>,
  { accountId, participant }: Sender,
  { clocks, random }: Service,
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
  { clocks }: Service,
): FileUrl => toFileUrl('GET', relativePath, clocks.of(accountId).now())

const urlTypes: readonly SendRequest['type'][] = [
  'ms.GenerateURLForUploadFile',
  'ms.GenerateURLForDownloadFile',
]

/** The keys of an answer stand in the order of the samples. Rule: RES-1a. */
const toBody = ({ type }: SendRequest, reqId: string | undefined, body: unknown): unknown =>
  urlTypes.includes(type) ? { code: 'OK', body, reqId } : { reqId, code: 'OK', body }

/** Does what a request asks for. */
async function act(
  request: SendRequest,
  sender: Sender,
  service: Service,
): Promise<Reply | { readonly ok: true; readonly body: FileUrl }> {
  switch (request.type) {
    case 'ms.PublishEvent':
      return runInModel(await fromPublish(request, sender, service), sender, service)
    case 'cm.UpdateConversationField':
      return runInModel(fromUpdate(request, sender), sender, service)
    case 'userprofile.SetUserProfile': {
      const { accountId, participant } = sender
      await service.store.saveProfile({ accountId, consumerId: participant.id }, request.body)
      return { ok: true, body: { msg: 'OK User Profile set successfully' } }
    }
    case 'ms.GenerateURLForUploadFile':
      return { ok: true, body: toUploadUrl(request, sender, service) }
    case 'ms.GenerateURLForDownloadFile':
      return { ok: true, body: toDownloadUrl(request, sender, service) }
  }
}

/** Answers SEND: one action. Rules: EP-1, AUTH-11, RES-1, RES-1a, RES-4a. */
export async function send(
  request: Request<{ accountId: string }>,
  response: Response,
  service: Service,
): Promise<Answer> {
  const { accountId } = request.params
  const consumer = await authorizeConsumer(request, accountId, service)
  if (!consumer.ok) return toErrorAnswer(consumer.refusal, service.settings)
  const version = checkVersion(request, operations.send.query)
  if (!version.ok) return toErrorAnswer(version.refusal, service.settings)
  const payload = await readJson(request, response)
  if (!payload.ok) return toErrorAnswer(payload.refusal, service.settings)
  const reqId = readRequestId(payload.value)
  const parsed = readSendRequest(payload.value, service.settings)
  if (!parsed.ok) return toErrorAnswer({ ...parsed.refusal, reqId }, service.settings)

  const participant = { id: consumer.value, role: 'CONSUMER' } as const
  const reply = await act(parsed.value, { accountId, participant }, service)
  return reply.ok
    ? { status: 200, body: toBody(parsed.value, reqId, reply.body) }
    : toErrorAnswer({ ...reply, reqId }, service.settings)
}

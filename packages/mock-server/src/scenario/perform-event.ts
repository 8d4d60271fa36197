import type { SendRequest } from '@sendbox/schema'
import type { AccountSettings, SettingsChange } from '../accounts/account-settings.ts'
import { type AgentServices, actAsAgent } from '../agent/act-as-agent.ts'
import { toRelativePath } from '../files/file-urls.ts'
import { perform } from '../http/operations/send.ts'
import type { Refusal } from '../http/response.ts'
import type { ConversationState } from '../model/conversation-state.ts'
import type { ConversationKey, ConversationRecord } from '../store/state-store.ts'
import { openDialogName, type PreparedEvent } from './prepare-event.ts'

/** The account that a scenario is built in, which nobody else sees. */
export interface Seedbed extends AgentServices {
  readonly accountId: string
  readonly settings: AccountSettings
  /** The client id of the install that opens the conversations. */
  readonly clientId: string
  /** The changed settings of the scenario. */
  readonly changes: SettingsChange
  /** The time of the scenario's clock, in ms since the epoch. */
  readonly now: number
}

/** The id of the dialog of a type, or of the open one; its name where there is none. */
function toDialogId({ dialogs }: ConversationState, name: string): string {
  const found = dialogs.findLast(({ dialogType, state }) =>
    name === openDialogName ? state === 'OPEN' && dialogType !== 'CoBrowse' : dialogType === name,
  )
  return found?.dialogId ?? (name === openDialogName ? (dialogs[0]?.dialogId ?? name) : name)
}

/** A request with the ids that it leaves to the mock. */
function withIds(
  request: SendRequest,
  state: ConversationState,
  relativePath: string | undefined,
): SendRequest {
  const { conversationId } = state
  if (request.type === 'ms.PublishEvent') {
    const { event } = request.body
    const dialogId = toDialogId(state, request.body.dialogId)
    const sent =
      relativePath !== undefined &&
      event.type === 'ContentEvent' &&
      typeof event.message !== 'string'
        ? { ...event, message: { ...event.message, relativePath } }
        : event
    return {
      ...request,
      body: { ...request.body, conversationId, dialogId, event: sent },
    } as SendRequest
  }
  if (request.type !== 'cm.UpdateConversationField') return request
  const conversationField = request.body.conversationField.map(field =>
    field.field === 'DialogChange'
      ? {
          ...field,
          dialog: { ...field.dialog, dialogId: toDialogId(state, field.dialog.dialogId) },
        }
      : field,
  )
  return { ...request, body: { ...request.body, conversationId, conversationField } }
}

/** Whether an event was accepted, or why not. */
export type Verdict =
  | { readonly ok: true }
  | ({ readonly ok: false } & Pick<Refusal, 'errorCode' | 'params' | 'rules'>)

/** Uploads a file of the consumer; returns its path. Rule: URL-3. */
function upload(file: Buffer, fileType: string, consumerId: string, seedbed: Seedbed): string {
  const { accountId, random, clocks, files } = seedbed
  const relativePath = toRelativePath({
    accountId,
    consumerId,
    uuid: random.uuid(accountId),
    fileType,
    now: clocks.now(accountId),
  })
  files.save(accountId, relativePath, file)
  return relativePath
}

const fileTypeOf = (request: SendRequest): string => {
  const event = request.type === 'ms.PublishEvent' ? request.body.event : undefined
  return event?.type === 'ContentEvent' && typeof event.message !== 'string'
    ? event.message.fileType
    : ''
}

/** Whether the first entries of a dialog were evicted, an invitation perhaps among them. */
const startsLate = ({ state, transcripts }: ConversationRecord, dialogId: string): boolean => {
  const dialog = state.dialogs.find(known => known.dialogId === dialogId)
  return (transcripts.get(dialogId)?.[0]?.sequence ?? dialog?.nextSequence ?? 0) > 0
}

/** Submits the form of the last invitation with this id as the consumer; `undefined` if there is none. Rule: PUB-2a. */
async function submitForm(
  { formId, title }: Extract<PreparedEvent, { by: 'form' }>,
  key: ConversationKey,
  { store, conversations, random }: Seedbed,
): Promise<Verdict | undefined> {
  const record = await store.load(key)
  if (record === undefined) return undefined
  const dialogId = toDialogId(record.state, openDialogName)
  const entries = record.transcripts.get(dialogId) ?? []
  const invitation = entries.findLast(
    ({ event }) =>
      event.type === 'ContentEvent' &&
      event.contentType === 'forms/secure-invitation' &&
      event.message.formId === formId &&
      (title === undefined || event.message.title === title),
  )?.event
  const isEvicted = startsLate(record, dialogId) && title !== undefined
  const invited =
    invitation?.type === 'ContentEvent' && invitation.contentType === 'forms/secure-invitation'
      ? invitation.message
      : isEvicted
        ? { formId, title, invitationId: random.uuid(key.accountId) }
        : undefined
  if (invited === undefined) return undefined
  return conversations.run(key, {
    type: 'publish',
    participant: { id: record.state.consumerId, role: 'CONSUMER' },
    dialogId,
    event: {
      type: 'ContentEvent',
      message: { ...invited, submissionId: random.uuid(key.accountId) },
      contentType: 'forms/secure-submission',
    },
  })
}

/** Performs an event; `undefined` is a submission that nothing invited. */
export async function performEvent(
  event: PreparedEvent,
  key: ConversationKey,
  seedbed: Seedbed,
): Promise<Verdict | undefined> {
  if (event.by === 'agent') return actAsAgent(event.action, key, seedbed)
  if (event.by === 'form') return submitForm(event, key, seedbed)
  const { accountId } = key
  const { state } = (await seedbed.store.load(key)) ?? {}
  if (state === undefined) return undefined
  const { consumerId } = state
  const relativePath =
    event.file && upload(event.file, fileTypeOf(event.request), consumerId, seedbed)
  const { reply } = await perform(withIds(event.request, state, relativePath), {
    accountId,
    consumerId,
    features: [],
    minEvidence: 'assumed',
    services: seedbed,
  })
  return reply
}

import type { ConversationField, Metadata, SendRequestInput } from '@sendbox/schema'
import { baseUrl, call } from '../live/mock.ts'
import type { ConversationView } from './conversations-store.ts'

/** How calls of the page are marked in the journal. */
const by = 'dashboard'

/** A request before it is numbered. */
type ConsumerRequest = SendRequestInput extends infer Request
  ? Request extends unknown
    ? Omit<Request, 'id' | 'kind'>
    : never
  : never

type PublishedEvent = Extract<SendRequestInput, { type: 'ms.PublishEvent' }>['body']['event']

/** Who speaks, and in which conversation of which account. */
export interface ConsumerPlace {
  readonly accountId: string
  readonly view: ConversationView
}

interface SendAnswer {
  readonly code?: unknown
  readonly body?: Readonly<Record<string, unknown>>
}

/** Why a call was refused: the hint of the mock, else what the service says. */
async function explain(response: Response): Promise<string> {
  const hint = response.headers.get('x-sendbox-hint')
  return hint ?? `${response.status}: ${await response.text()}`
}

/** Sends a request as the consumer's connector does, by SEND, with fresh tokens; rejects with the reason of a refusal. */
async function send(
  { accountId, view }: ConsumerPlace,
  request: ConsumerRequest,
): Promise<SendAnswer> {
  if (view.consumer === undefined)
    throw new Error('The consumer of this conversation has no id by which tokens can be signed')
  const { appJwt, consumerJws } = await call('signTokens', {
    accountId,
    body: { consumer: view.consumer },
  })
  const path = `/api/account/${encodeURIComponent(accountId)}/messaging/consumer/conversation/send?v=3`
  const response = await fetch(baseUrl + path, {
    method: 'POST',
    headers: {
      Authorization: appJwt,
      'X-LP-ON-BEHALF': consumerJws,
      'Content-Type': 'application/json',
      'x-sendbox-by': by,
    },
    body: JSON.stringify({ kind: 'req', id: crypto.randomUUID(), ...request }),
  })
  if (!response.ok) throw new Error(await explain(response))
  return (await response.json()) as SendAnswer
}

/** The dialog that takes what a consumer writes: the last open one that is no CoBrowse session. */
export const openDialogOf = ({ dialogs }: ConversationView) =>
  dialogs.findLast(({ state, dialogType }) => state === 'OPEN' && dialogType !== 'CoBrowse')

const publish = (
  place: ConsumerPlace,
  event: PublishedEvent,
  metadata?: readonly Metadata[],
): Promise<SendAnswer> => {
  const { conversationId } = place.view
  const dialogId = openDialogOf(place.view)?.dialogId ?? conversationId
  const body = { dialogId, conversationId, event }
  const shared = metadata === undefined ? {} : { metadata: [...metadata] }
  return send(place, { type: 'ms.PublishEvent', body, ...shared })
}

/** Sends a text. Rule: PUB-2. */
export const sendText = (place: ConsumerPlace, message: string, metadata?: readonly Metadata[]) =>
  publish(place, { type: 'ContentEvent', contentType: 'text/plain', message }, metadata)

/** Sends a chat state. Rule: PUB-7. */
export const sendChatState = (
  place: ConsumerPlace,
  chatState: Extract<PublishedEvent, { type: 'ChatStateEvent' }>['chatState'],
) => publish(place, { type: 'ChatStateEvent', chatState })

type ReceiptStatus = Extract<PublishedEvent, { type: 'AcceptStatusEvent' }>['status']

/** Sends a receipt for events by their numbers. Rule: PUB-8. */
export const sendReceipt = (
  place: ConsumerPlace,
  status: ReceiptStatus,
  sequenceList: readonly number[],
  metadata?: readonly Metadata[],
) =>
  publish(place, { type: 'AcceptStatusEvent', status, sequenceList: [...sequenceList] }, metadata)

/** Presses a button of a card: the receipt ACTION and the button's text, both with the button's metadata. Rule: PUB-10. */
export async function pressButton(
  place: ConsumerPlace,
  button: {
    readonly sequence: number
    readonly text: string
    readonly metadata?: readonly Metadata[]
  },
): Promise<void> {
  await sendReceipt(place, 'ACTION', [button.sequence], button.metadata)
  await sendText(place, button.text, button.metadata)
}

/** Changes a field of the conversation: closes it or its dialog, or rates it. Rules: UPD-2, UPD-3, UPD-5. */
export const updateField = (place: ConsumerPlace, conversationField: ConversationField) =>
  send(place, {
    type: 'cm.UpdateConversationField',
    body: { conversationId: place.view.conversationId, conversationField },
  })

interface FileUrl {
  readonly relativePath: string
  readonly queryParams: Readonly<Record<string, string>>
}

/** Uploads a file and publishes it. Rules: URL-1, EP-15, PUB-3. */
export async function sendFile(place: ConsumerPlace, file: File): Promise<void> {
  const fileType = (file.name.split('.').at(-1) ?? '').toUpperCase()
  const { body } = await send(place, {
    type: 'ms.GenerateURLForUploadFile',
    body: { fileSize: String(file.size), fileType },
  })
  const { relativePath, queryParams } = body as unknown as FileUrl
  const upload = await fetch(
    `${baseUrl}${relativePath}?${new URLSearchParams(queryParams).toString()}`,
    { method: 'PUT', body: file, headers: { 'x-sendbox-by': by } },
  )
  if (!upload.ok) throw new Error(await explain(upload))
  await publish(place, {
    type: 'ContentEvent',
    contentType: 'hosted/file',
    message: { relativePath, fileType, caption: file.name },
  })
}

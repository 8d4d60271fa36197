import type { CallOptions } from '@sendbox/client'
import type { FaultInput, MockAccount } from '@sendbox/mock-server'
import type { FaultWorld } from './world.ts'

/** A call of the client, and the one of its requests that a fault is for. */
export interface FaultedCall {
  /** Which requests the fault acts on. */
  readonly match: Pick<NonNullable<FaultInput['match']>, 'operation' | 'type' | 'event'>
  /**
   * Effect of that request: `adds` creates another message or conversation each time; `sets` is idempotent; `step` is a part of the
   * call that acts only if the call continues.
   */
  readonly effect: 'adds' | 'sets' | 'step'
  /** Makes ready what the call needs, on the mock's side. */
  readonly arrange?: (account: MockAccount, conversationId: string) => Promise<unknown>
  readonly act: (world: FaultWorld, options?: CallOptions) => Promise<unknown>
  /** Value that the call resolves with, given how many times the mock processed it. */
  readonly result?: (times: number) => unknown
  /** How often the mock's state shows what was asked for; absent where a call only reads. */
  readonly countDone?: (world: FaultWorld) => Promise<number>
}

const png = Buffer.from('iVBORw0KGgo=', 'base64')

const viewOf = async ({ account, conversation }: FaultWorld) => {
  const view = await account.conversations.get(conversation.conversationId)
  if (view === undefined) throw new Error('The mock lost the conversation')
  return view
}

const transcriptOf = async (world: FaultWorld) =>
  (await viewOf(world)).dialogs.flatMap(({ transcript }) => transcript)

const countEvents = (type: string) => async (world: FaultWorld) =>
  (await transcriptOf(world)).filter(
    ({ role, event }) => role === 'CONSUMER' && event.type === type,
  ).length

const countTexts = countEvents('ContentEvent')
const toCount = (isDone: boolean): number => (isDone ? 1 : 0)

const text = {
  act: ({ conversation }: FaultWorld, options?: CallOptions) =>
    conversation.sendText('Hello', options),
  result: (times: number) => ({ sequence: times - 1 }),
  countDone: countTexts,
}

const file = {
  act: async ({ conversation }: FaultWorld, options?: CallOptions) => {
    const { sequence, fileType } = await conversation.sendFile(png, options)
    return { sequence, fileType }
  },
  result: (times: number) => ({ sequence: times - 1, fileType: 'PNG' }),
}

const download = {
  arrange: (account: MockAccount, conversationId: string) =>
    account.agent(conversationId).sendFile({ bytes: png }),
  act: async (world: FaultWorld) => {
    const [{ event } = {}] = await transcriptOf(world)
    if (event?.type !== 'ContentEvent' || event.contentType !== 'hosted/file')
      throw new Error('The agent sent no file')
    const bytes = await world.conversation.downloadFile(event.message.relativePath)
    return Buffer.from(bytes).toString('base64')
  },
  result: () => png.toString('base64'),
}

/** The calls by name; those with a comma are one request of a call that makes several. */
export const faultedCalls = {
  sendText: { match: { event: 'ContentEvent' }, effect: 'adds', ...text },
  setChatState: {
    match: { event: 'ChatStateEvent' },
    effect: 'adds',
    act: ({ conversation }, options) => conversation.setChatState('COMPOSING', options),
    countDone: async world =>
      (await viewOf(world)).dialogs.flatMap(({ chatStateHistory }) => chatStateHistory).length,
  },
  accept: {
    match: { event: 'AcceptStatusEvent' },
    effect: 'adds',
    arrange: (account, conversationId) => account.agent(conversationId).say('Hi'),
    act: ({ conversation }, options) => conversation.accept([0], options),
    result: times => ({ sequence: times }),
    countDone: countEvents('AcceptStatusEvent'),
  },
  openConversation: {
    match: { operation: 'conversation' },
    effect: 'adds',
    act: async ({ client }, options) => {
      const { conversationId } = await client.consumer('yan').openConversation(options)
      return typeof conversationId
    },
    result: () => 'string',
    countDone: async ({ account }) => (await account.conversations.list()).length - 1,
  },
  'sendFile, its place': {
    match: { type: 'ms.GenerateURLForUploadFile' },
    effect: 'step',
    ...file,
    countDone: countTexts,
  },
  'sendFile, its upload': {
    match: { operation: 'upload' },
    effect: 'sets',
    ...file,
    result: () => file.result(1),
    countDone: async ({ account }) => (await account.snapshot()).files.length,
  },
  'sendFile, its message': {
    match: { event: 'ContentEvent' },
    effect: 'adds',
    ...file,
    countDone: countTexts,
  },
  'downloadFile, its place': {
    match: { type: 'ms.GenerateURLForDownloadFile' },
    effect: 'step',
    ...download,
  },
  downloadFile: { match: { operation: 'download' }, effect: 'step', ...download },
  setProfile: {
    match: { type: 'userprofile.SetUserProfile' },
    effect: 'sets',
    act: ({ conversation }) => conversation.setProfile({ firstName: 'Zoe' }),
    countDone: async ({ account }) =>
      Object.values((await account.snapshot()).profiles).filter(
        ({ firstName }) => firstName === 'Zoe',
      ).length,
  },
  rate: {
    match: { type: 'cm.UpdateConversationField' },
    effect: 'sets',
    act: ({ conversation }) => conversation.rate({ csatRate: 5, csatResolutionConfirmation: true }),
    countDone: async world => toCount((await viewOf(world)).csat?.csatRate === 5),
  },
  close: {
    match: { type: 'cm.UpdateConversationField' },
    effect: 'sets',
    act: ({ conversation }) => conversation.close(),
    countDone: async world => toCount((await viewOf(world)).state === 'CLOSE'),
  },
  'sendText, its domains': {
    match: { operation: 'baseUris' },
    effect: 'step',
    ...text,
    result: () => text.result(1),
  },
  'sendText, its AppJWT': {
    match: { operation: 'appToken' },
    effect: 'step',
    ...text,
    result: () => text.result(1),
  },
  'sendText, its ConsumerJWS': {
    match: { operation: 'consumer' },
    effect: 'step',
    ...text,
    result: () => text.result(1),
  },
} as const satisfies Readonly<Record<string, FaultedCall>>

export type FaultedCallName = keyof typeof faultedCalls

import type { FaultInput, JournalEntry, MockAccount } from '@sendbox/mock-server'
import { consumer, type FaultWorld } from './client-fault-world.ts'

type Match = NonNullable<FaultInput['match']>

/** A call of the client, and the one of its requests that a fault is for. */
export interface FaultedCall {
  /** Which requests the fault acts on. */
  readonly match: Pick<Match, 'operation' | 'type' | 'event'>
  /**
   * What comes of that request: `adds` a message or a conversation, each time anew; `sets` what stays as it is the second time; is a
   * `step` that shows only by what follows it.
   */
  readonly effect: 'adds' | 'sets' | 'step'
  /** Makes ready what the call needs, on the mock's side. */
  readonly arrange?: (account: MockAccount, conversationId: string) => Promise<unknown>
  readonly act: (world: FaultWorld) => Promise<unknown>
  /** What the call resolves with, where the mock did it so many times. */
  readonly result?: (times: number) => unknown
  /** How many times the mock did what was asked for, by its state. */
  readonly countDone: (world: FaultWorld) => Promise<number>
}

export const png = Buffer.from('iVBORw0KGgo=', 'base64')

const viewOf = async ({ account, conversation }: FaultWorld) => {
  const view = await account.conversations.get(conversation.conversationId)
  if (view === undefined) throw new Error('The mock lost the conversation')
  return view
}

/** The events in the transcript that the consumer published. */
const eventsOf = async (world: FaultWorld) =>
  (await viewOf(world)).dialogs
    .flatMap(({ transcript }) => transcript)
    .filter(({ role }) => role === 'CONSUMER')
    .map(({ event }) => event)

const countEvents = (type: string) => async (world: FaultWorld) =>
  (await eventsOf(world)).filter(event => event.type === type).length

const countTexts = countEvents('ContentEvent')

const sendText: Pick<FaultedCall, 'act' | 'result' | 'countDone'> = {
  act: ({ conversation }) => conversation.sendText('Hello'),
  result: times => ({ sequence: times - 1 }),
  countDone: countTexts,
}

const sendFile: Pick<FaultedCall, 'act' | 'result'> = {
  act: ({ conversation }) => conversation.sendFile(png),
  result: times => ({
    sequence: times - 1,
    relativePath: expectText,
    fileType: 'PNG',
  }),
}

/** Is equal to any text, for those matchers that ask. */
const expectText = {
  asymmetricMatch: (value: unknown) => typeof value === 'string' && value !== '',
}

const isOfFile = (entry: JournalEntry): boolean => entry.operation === 'download'

/** The mock's agent sends a file under a path that only its transcript tells. */
async function downloadFile(world: FaultWorld): Promise<unknown> {
  const [entry] = (await viewOf(world)).dialogs.flatMap(({ transcript }) => transcript)
  const message = entry?.event.type === 'ContentEvent' ? entry.event.message : undefined
  if (typeof message !== 'object') throw new Error('The agent sent no file')
  return world.conversation.downloadFile(message.relativePath)
}

const download: Pick<FaultedCall, 'arrange' | 'act' | 'result' | 'countDone'> = {
  arrange: (account, conversationId) => account.agent(conversationId).sendFile({ bytes: png }),
  act: downloadFile,
  result: () => png,
  countDone: async ({ account }) => {
    const answered = account.requests.list().filter(isOfFile)
    return answered.some(({ status, fault }) => status === 200 && fault?.delivery !== 'lost') ? 1 : 0
  },
}

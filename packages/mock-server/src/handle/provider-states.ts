import { boundedRecord } from '@sendbox/schema'
import { z } from 'zod'
import { toRelativePath } from '../files/file-urls.ts'
import type { Command } from '../model/command.ts'
import { exampleAccountId, type Services } from '../services.ts'
import { toLpConsumerId } from '../tokens/token-service.ts'
import { openForConsumer } from './open-for-consumer.ts'
import { signTokenPair } from './token-pair.ts'

/** An id; those of an account look like numbers, and some pacts write them so. */
const IdSchema = z.union([z.string().min(1), z.int()]).transform(String)

/** Parameters of a state; pacts written elsewhere give literal ids, and may give further parameters. */
export const ProviderStateParamsSchema = z.looseObject({
  /** @default '12345678' */
  accountId: IdSchema.prefault(exampleAccountId),
  /**
   * The `ext_consumer_id`.
   * @default 'pact-consumer'
   */
  consumer: IdSchema.prefault('pact-consumer'),
  /**
   * The conversation that the state creates; replaces one with the same id.
   * @default a new id
   */
  conversationId: IdSchema.exactOptional(),
  /**
   * The path of an uploaded file.
   * @default a new one
   */
  relativePath: z.string().min(1).exactOptional(),
})
type ProviderStateParams = z.output<typeof ProviderStateParamsSchema>

/** Values of a state, to be injected into the interaction. */
export const ProviderStateValuesSchema = boundedRecord(z.string())
type ProviderStateValues = z.output<typeof ProviderStateValuesSchema>

/** A provider state of Pact. */
interface ProviderState {
  /** Description in one line. */
  readonly summary: string
  setUp(params: ProviderStateParams, service: Services): Promise<ProviderStateValues>
}

/** Tokens of a consumer, and their owner. */
async function toSession(
  params: ProviderStateParams,
  service: Services,
  expiresInMs?: number,
): Promise<ProviderStateValues> {
  const { accountId, consumer } = params
  const request = { consumer, ...(expiresInMs !== undefined && { expiresInMs }) }
  const lpConsumerId = toLpConsumerId(accountId, consumer)
  const tokens = await signTokenPair(service, accountId, request)
  return { accountId, consumer, lpConsumerId, ...tokens }
}

/** Runs commands in sequence in a conversation; rejects if one is refused. */
async function run(
  commands: readonly Command[],
  key: { readonly accountId: string; readonly conversationId: string },
  service: Services,
): Promise<void> {
  for (const command of commands) {
    const reply = await service.conversations.run(key, command)
    if (!reply.ok) throw new Error(`The provider state was refused with ${reply.errorCode}`)
  }
}

/** Opens a conversation, replacing one with the same id, and runs further commands. */
async function setUpConversation(
  params: ProviderStateParams,
  service: Services,
  toCommands: (conversationId: string, consumerId: string) => readonly Command[] = () => [],
): Promise<ProviderStateValues> {
  const { accountId, consumer } = params
  const conversationId = params.conversationId ?? service.random.uuid(accountId)
  const key = { accountId, conversationId }
  await service.store.remove(key)
  await openForConsumer(key, consumer, service)
  await run(toCommands(conversationId, toLpConsumerId(accountId, consumer)), key, service)
  const record = await service.store.load(key)
  const dialogId = record?.state.dialogs.at(-1)?.dialogId ?? conversationId
  return { ...(await toSession(params, service)), conversationId, dialogId }
}

const say = (message: string, dialogId: string, id: string): Command => ({
  type: 'publish',
  participant: { id, role: 'CONSUMER' },
  dialogId,
  event: { type: 'ContentEvent', contentType: 'text/plain', message },
})

const close = (id: string): Command => ({
  type: 'updateFields',
  participant: { id, role: 'CONSUMER' },
  fields: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
})

const startSurvey: Command = {
  type: 'startSurvey',
  participant: { id: 'agent-1', role: 'ASSIGNED_AGENT' },
}

async function closeAll(params: ProviderStateParams, service: Services): Promise<void> {
  const { accountId, consumer } = params
  const consumerId = toLpConsumerId(accountId, consumer)
  for (const { state } of await service.store.list(accountId)) {
    const { conversationId } = state
    if (state.consumerId === consumerId && state.stage === 'OPEN')
      await run([close(consumerId)], { accountId, conversationId }, service)
  }
}

/** Bytes of an example file. */
const exampleFile = Buffer.from('a file')

/** The states of the mock, by name. */
export const providerStates: Readonly<Record<string, ProviderState>> = {
  'the consumer has an open conversation': {
    summary: 'Opens a conversation',
    setUp: (params, service) => setUpConversation(params, service),
  },
  'the consumer has an open conversation with two texts': {
    summary: 'Opens a conversation in which the consumer said "one" and "two"',
    setUp: (params, service) =>
      setUpConversation(params, service, (conversationId, consumerId) => [
        say('one', conversationId, consumerId),
        say('two', conversationId, consumerId),
      ]),
  },
  'the consumer has a closed conversation': {
    summary: 'Opens a conversation and closes it as the consumer',
    setUp: (params, service) =>
      setUpConversation(params, service, (_, consumerId) => [close(consumerId)]),
  },
  'the consumer has no open conversation': {
    summary: 'Closes all conversations of the consumer',
    async setUp(params, service) {
      await closeAll(params, service)
      return toSession(params, service)
    },
  },
  'the survey is open': {
    summary:
      'Opens a conversation whose main dialog is closed and whose survey, `dialogId`, is open',
    setUp: (params, service) => setUpConversation(params, service, () => [startSurvey]),
  },
  'an AppJWT has expired': {
    summary: 'Signs tokens of which the AppJWT has expired',
    setUp: (params, service) => toSession(params, service, 0),
  },
  'a file was uploaded': {
    summary: 'Keeps a JPG at `relativePath`',
    async setUp(params, service) {
      const session = await toSession(params, service)
      const { accountId, consumer } = params
      const relativePath =
        params.relativePath ??
        toRelativePath({
          accountId,
          consumerId: toLpConsumerId(accountId, consumer),
          uuid: service.random.uuid(accountId),
          fileType: 'JPG',
          now: service.clocks.now(accountId),
        })
      service.files.save(accountId, relativePath, exampleFile)
      return { ...session, relativePath }
    },
  },
}

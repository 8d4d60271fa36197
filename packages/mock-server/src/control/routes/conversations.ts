import { errorCodes } from '@sendbox/schema'
import { z } from 'zod'
import { AgentActionSchema } from '../../accounts/agent-action.ts'
import { actAsAgent } from '../../agent/act-as-agent.ts'
import { openForConsumer } from '../../handle/open-for-consumer.ts'
import { ConversationViewSchema, toConversationView } from '../../store/conversation-view.ts'
import {
  ControlRefusalSchema,
  controlPrefix,
  defineControlOperation,
  refuseAsService,
  refuseControl,
} from '../operation.ts'

const refuseUnknown = (accountId: string, conversationId: string) =>
  refuseControl(
    404,
    `Account ${accountId} has no conversation ${conversationId}; GET ${controlPrefix}/accounts/${accountId}/conversations lists those it has`,
    { errorCode: errorCodes.conversationNotFound },
  )

export const listConversations = defineControlOperation({
  id: 'listConversations',
  method: 'GET',
  path: '/accounts/{accountId}/conversations',
  summary: 'Lists the conversations of an account, oldest first',
  responses: { 200: z.array(ConversationViewSchema) },
  async handle({ params: { accountId = '' } }, { store }) {
    const records = await store.list(accountId)
    return { status: 200, body: records.map(record => toConversationView(record, accountId)) }
  },
})

export const openConversation = defineControlOperation({
  id: 'openConversation',
  method: 'POST',
  path: '/accounts/{accountId}/conversations',
  summary:
    'Opens a conversation for a consumer, by `ext_consumer_id`, without a call of the service; with a new id by default',
  body: z.strictObject({
    consumer: z.string().min(1),
    conversationId: z.string().min(1).exactOptional(),
  }),
  responses: { 201: ConversationViewSchema, 409: ControlRefusalSchema },
  async handle({ params: { accountId = '' }, body }, services) {
    const { consumer, conversationId = services.random.uuid(accountId) } = body
    const key = { accountId, conversationId }
    return (await services.store.load(key))
      ? refuseControl(409, `Account ${accountId} has a conversation ${conversationId}`)
      : { status: 201, body: await openForConsumer(key, consumer, services) }
  },
})

export const getConversation = defineControlOperation({
  id: 'getConversation',
  method: 'GET',
  path: '/accounts/{accountId}/conversations/{conversationId}',
  summary: 'Shows a conversation: dialogs, transcript, chat states',
  responses: { 200: ConversationViewSchema, 404: ControlRefusalSchema },
  async handle({ params: { accountId = '', conversationId = '' } }, { store }) {
    const record = await store.load({ accountId, conversationId })
    return record
      ? { status: 200, body: toConversationView(record, accountId) }
      : refuseUnknown(accountId, conversationId)
  },
})

/** Responds with the `sequence` of the published event, if there is one. */
export const actAsAgentOperation = defineControlOperation({
  id: 'actAsAgent',
  method: 'POST',
  path: '/accounts/{accountId}/conversations/{conversationId}/agent',
  summary: 'Lets the agent of a conversation act',
  body: AgentActionSchema,
  responses: {
    200: z.object({ sequence: z.int().min(0).exactOptional() }),
    400: ControlRefusalSchema,
    404: ControlRefusalSchema,
  },
  async handle({ params: { accountId = '', conversationId = '' }, body }, services) {
    const reply = await actAsAgent(body, { accountId, conversationId }, services)
    return reply.ok ? { status: 200, body: reply.body } : refuseAsService(reply)
  },
})

import { errorCodes } from '@sendbox/schema'
import { z } from 'zod'
import { AgentActionSchema } from '../../accounts/agent-action.ts'
import { actAsAgent } from '../../agent/act-as-agent.ts'
import { openForConsumer } from '../../handle/open-for-consumer.ts'
import { ConversationQuerySchema, selectConversations } from '../../store/conversation-query.ts'
import { ConversationViewSchema, toConversationView } from '../../store/conversation-view.ts'
import {
  ControlRefusalSchema,
  controlPrefix,
  defineControlOperation,
  maxPageSize,
  pageSize,
  refuseAsService,
  refuseControl,
  toNextLink,
} from '../operation.ts'

const refuseUnknown = (accountId: string, conversationId: string) =>
  refuseControl(
    404,
    `Account ${accountId} has no conversation ${conversationId}; GET ${controlPrefix}/accounts/${accountId}/conversations lists those it has`,
    { errorCode: errorCodes.conversationNotFound },
  )

const PageQuerySchema = ConversationQuerySchema.extend({
  /** The maximum number of conversations, the newest ones. */
  limit: z.coerce.number().int().min(1).max(maxPageSize).default(pageSize),
})

export const listConversations = defineControlOperation({
  id: 'listConversations',
  method: 'GET',
  path: '/accounts/{accountId}/conversations',
  summary: 'Lists the newest conversations of an account, newest first; `Link` leads to older ones',
  query: PageQuerySchema,
  responses: { 200: z.array(ConversationViewSchema), 404: ControlRefusalSchema },
  async handle({ params: { accountId = '' }, query }, { store }) {
    const { before, limit } = query
    const more = { ...query, limit: limit + 1 }
    const found = selectConversations(await store.list(accountId), accountId, more)
    if (found === undefined) return refuseUnknown(accountId, before ?? '')
    const body = found.slice(0, limit).map(record => toConversationView(record, accountId))
    const last = body.at(-1)
    if (found.length <= limit || last === undefined) return { status: 200, body }
    const ownPath = `/accounts/${encodeURIComponent(accountId)}/conversations`
    return {
      status: 200,
      body,
      headers: toNextLink(ownPath, { ...query, before: last.conversationId }),
    }
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

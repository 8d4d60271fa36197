import { operations, toPath } from '@sendbox/schema'
import type { ControlRequest, ControlSession } from '../command/control-session.ts'

type Example = (session: ControlSession) => ControlRequest | Promise<ControlRequest>

const plain: Example = () => ({ status: 200 })

/** A call about the account of the session. */
const ofAccount =
  (more: Partial<ControlRequest> = {}): Example =>
  ({ accountId }) => ({ status: 200, ...more, params: { accountId } })

/** An id of another life of the mock, which a stream answers with the events that it knows. */
const fromTheStart = { 'Last-Event-ID': 'another-1' }

const badBody = ofAccount({ body: { unknown: true }, status: 400 })

const ofConversation =
  (more: Partial<ControlRequest> = {}): Example =>
  ({ accountId, conversationId }) => ({
    status: 200,
    ...more,
    params: { accountId, conversationId },
  })

const refusal = { match: { event: 'ContentEvent' }, action: { status: 503 }, times: 1 }

const fault = {
  match: { operation: 'send', event: 'ContentEvent' },
  action: { delayMs: { uniform: [1, 2] }, status: 429, body: { a: 1 }, headers: { 'x-a': 'b' } },
  times: 2,
  probability: 0.5,
}

const ofNewFault: Example = ({ account, accountId }) => {
  const { faultId } = account.faults.add({ action: { hang: true } })
  return { params: { accountId, faultId }, status: 200 }
}

const ofNewWebhookFault: Example = ({ account, accountId }) => {
  const { faultId } = account.webhooks.faults.add({ action: { lose: true } })
  return { params: { accountId, faultId }, status: 200 }
}

const unknownFault: Example = ({ accountId }) => ({
  params: { accountId, faultId: 'fault-0' },
  status: 404,
})

const unknownConversation: Example = ({ accountId }) => ({
  params: { accountId, conversationId: 'none' },
  status: 404,
})

const ofSentFile: Example = async ({ account, accountId }) => {
  const { conversationId } = await account.conversations.open('yan')
  await account.agent(conversationId).sendFile()
  const view = await account.conversations.get(conversationId)
  const fileId = view?.dialogs[0]?.transcript[0]?.file?.split('/').at(-1) ?? ''
  return { params: { accountId, fileId }, status: 200 }
}

const ofPublishedText: Example = async ({ account, accountId, conversationId, url }) => {
  const { appJwt, consumerJws } = await account.tokens('zoe')
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello' }
  const body = { dialogId: conversationId, event }
  await fetch(`${url}${toPath(operations.send.path, { accountId })}?v=3`, {
    method: 'POST',
    headers: {
      Authorization: appJwt,
      'X-LP-ON-BEHALF': consumerJws,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({ kind: 'req', id: '1', type: 'ms.PublishEvent', body }),
  })
  const [request] = account.requests.list({ operation: 'send' })
  return { params: { accountId, requestId: String(request?.id) }, status: 200 }
}

const agentActions = [
  { action: 'say', text: 'How can I help?' },
  { action: 'join' },
  { action: 'say', text: 'hi', quickReplies: { type: 'quickReplies', replies: [] } },
  { action: 'type' },
  { action: 'sendFile' },
  { action: 'sendCard', card: { type: 'vertical', elements: [] } },
  { action: 'transfer', skillId: '1', toAgentId: 'agent-2' },
  { action: 'transfer' },
  { action: 'leave', agentId: 'agent-2' },
  { action: 'startSurvey' },
]

const textWebhook = 'ms.MessagingEventNotification.ContentEvent'

/** Where nothing listens. */
const endpoint = 'http://127.0.0.1:4021/'

const states = [
  { state: 'the consumer has an open conversation', params: { conversationId: 'a' } },
  { state: 'the consumer has an open conversation with two texts', params: null },
  { state: 'the consumer has a closed conversation' },
  { state: 'the consumer has no open conversation', action: 'setup' },
  { state: 'the survey is open', params: {} },
  { state: 'an AppJWT has expired' },
  { state: 'a file was uploaded' },
  { state: 'a file was uploaded', action: 'teardown' },
  { state: '' },
]

/** Calls of each operation of the control API, with the status that is expected; they are made in this order. */
export const controlExamples: Readonly<Record<string, readonly Example[]>> = {
  getIndex: [plain],
  getOpenApi: [plain],
  getHealth: [plain],
  getReady: [plain],
  getMetrics: [plain],
  streamEvents: [
    ({ url, accountId }) => ({
      meanwhile: () => fetch(`${url}/api/account/${accountId}/messaging/v1/sent`),
      status: 200,
    }),
    () => ({ headers: fromTheStart, status: 200 }),
    () => ({ query: { kind: 'call,none' }, status: 400 }),
  ],
  getJwks: [plain],
  listProtocolRules: [plain],
  listMisses: [
    async ({ url }) => {
      await fetch(`${url}/messaging/send`)
      return { status: 200 }
    },
    () => ({ query: { operation: 'null' }, status: 200 }),
  ],
  clearMisses: [plain],
  listAccounts: [plain, () => ({ query: { limit: '0' }, status: 400 })],
  changeProviderState: [
    ...states.map(
      (body): Example =>
        () => ({ body, status: 200 }),
    ),
    () => ({ body: { state: 'unknown' }, status: 404 }),
    () => ({ body: { state: 1 }, status: 400 }),
  ],
  listConversations: [
    ofAccount({ query: { consumer: 'zoe' } }),
    ofAccount(),
    ofAccount({ query: { state: 'OPEN', consumer: 'zoe', limit: '1' } }),
    ofAccount({ query: { state: 'open' }, status: 400 }),
    ofAccount({ query: { before: 'none' }, status: 404 }),
  ],
  openConversation: [
    ofAccount({ body: { consumer: 'yan', conversationId: 'opened' }, status: 201 }),
    ofAccount({ body: { consumer: 'yan', conversationId: 'opened' }, status: 409 }),
    badBody,
  ],
  getConversation: [ofConversation(), unknownConversation],
  actAsAgent: [
    ...agentActions.map(body => ofConversation({ body })),
    ofConversation({ body: { action: 'startSurvey' }, status: 400 }),
    ofConversation({ body: { action: 'dance' }, status: 400 }),
    async session => ({ ...(await unknownConversation(session)), body: { action: 'join' } }),
  ],
  getFile: [
    ofSentFile,
    ({ accountId }) => ({ params: { accountId, fileId: 'none.PNG' }, status: 404 }),
  ],
  listProfiles: [ofAccount(), ofAccount({ query: { before: 'a' }, status: 400 })],
  getProfile: [
    ({ accountId }) => ({ params: { accountId, consumer: 'zoe' }, status: 200 }),
    ({ accountId }) => ({ params: { accountId, consumer: 'nobody' }, status: 404 }),
  ],
  getClock: [ofAccount()],
  putClock: [
    ofAccount({ body: { freeze: true, advanceMs: 60_000 } }),
    ofAccount({ body: { freeze: true, advanceMs: 1, resume: true } }),
    badBody,
  ],
  getAppInstall: [ofAccount()],
  streamAccountEvents: [
    ({ account, accountId, conversationId }) => ({
      query: { kind: 'conversation' },
      meanwhile: () => account.agent(conversationId).say('One moment, please.'),
      params: { accountId },
      status: 200,
    }),
    ofAccount({ headers: fromTheStart }),
    ofAccount({ query: { user: 'zoe' }, status: 400 }),
  ],
  listRequests: [
    ofAccount(),
    ofAccount({ query: { operation: 'conversation', limit: '1' } }),
    ofAccount({ query: { operation: 'none' }, status: 400 }),
  ],
  waitForRequests: [
    ofAccount({ body: { match: { operation: 'conversation' } } }),
    ofAccount({ body: { match: { operation: 'upload' }, timeoutMs: 0 }, status: 422 }),
  ],
  verifyRequests: [
    ofAccount({ body: { match: { operation: 'conversation' }, count: 1 } }),
    ofAccount({ body: { match: { operation: 'upload' }, count: 1 }, status: 422 }),
    badBody,
  ],
  resendRequest: [
    ofPublishedText,
    ({ account, accountId }) => {
      const [request] = account.requests.list({ operation: 'conversation' })
      return { params: { accountId, requestId: String(request?.id) }, status: 200 }
    },
    ({ accountId }) => ({ params: { accountId, requestId: 'none' }, status: 404 }),
    async ({ account, accountId, url }) => {
      await fetch(`${url}/api/account/${accountId}/none`, { method: 'POST', body: 'unread' })
      const miss = account.requests.list({ operation: null }).at(-1)
      return { params: { accountId, requestId: String(miss?.id) }, status: 409 }
    },
  ],
  listRules: [ofAccount()],
  clearRequests: [ofAccount()],
  addFault: [
    ofAccount({ body: refusal, status: 201 }),
    ofAccount({ body: fault, status: 201 }),
    badBody,
  ],
  listFaults: [ofAccount()],
  getFault: [ofNewFault, unknownFault],
  removeFault: [ofNewFault, unknownFault],
  clearFaults: [ofAccount()],
  waitForIdleWebhooks: [ofAccount()],
  listDeliveries: [ofAccount(), ofAccount({ query: { state: 'none' }, status: 400 })],
  waitForDeliveries: [
    ofAccount({ body: { match: { state: 'delivered' } } }),
    ofAccount({ body: {} }),
    ofAccount({ body: { match: { state: 'failed' }, timeoutMs: 0 }, status: 422 }),
  ],
  redeliver: [
    ({ accountId, deliveryId }) => ({ params: { accountId, deliveryId }, status: 200 }),
    ({ accountId }) => ({ params: { accountId, deliveryId: 'none' }, status: 404 }),
  ],
  testWebhook: [
    ofAccount({ body: { event: textWebhook } }),
    ofAccount({ body: { event: 'cqm.ExConversationChangeNotification' }, status: 409 }),
    badBody,
  ],
  addWebhookFault: [
    ofAccount({ body: { match: { nth: 1 }, action: { twice: true } }, status: 201 }),
    badBody,
  ],
  listWebhookFaults: [ofAccount()],
  getWebhookFault: [ofNewWebhookFault, unknownFault],
  removeWebhookFault: [ofNewWebhookFault, unknownFault],
  clearWebhookFaults: [ofAccount()],
  getSettings: [ofAccount()],
  putSettings: [
    ofAccount({ body: { survey: true, limits: { textLength: 2000 } } }),
    ofAccount({ body: { journal: { entries: 5 } }, status: 400 }),
  ],
  putBot: [
    ofAccount({ body: { rules: [{ when: 'Thanks', say: 'You are welcome.' }] } }),
    ofAccount({ body: { rules: [{ when: { pattern: 'a' }, say: 'b' }] } }),
    ofAccount({ body: { rules: 1 }, status: 400 }),
  ],
  getBot: [ofAccount()],
  resetBot: [ofAccount()],
  signTokens: [
    ofAccount({ body: { consumer: 'zoe' } }),
    ofAccount({ body: { consumer: 'zoe', expiresInMs: 0, clientId: 'other-client' } }),
    ofAccount({ body: { consumer: '', expiresInMs: 3_600_001 }, status: 400 }),
  ],
  getSnapshot: [ofAccount()],
  putSnapshot: [
    async ({ account, accountId }) => ({
      params: { accountId },
      body: await account.snapshot(),
      status: 200,
    }),
    async ({ account }) => ({
      params: { accountId: 'other-account' },
      body: await account.snapshot(),
      status: 409,
    }),
    badBody,
  ],
  getScenario: [
    async ({ account, accountId }) => {
      const { conversationId } = await account.conversations.open('zoe')
      await account.agent(conversationId).say('hi')
      return { params: { accountId }, status: 200 }
    },
  ],
  putScenario: [
    ofAccount({
      body: {
        clock: { now: '2026-01-05T09:00:00Z', frozen: true },
        conversations: [
          {
            consumer: 'zoe',
            profile: { firstName: 'Zoe' },
            events: [
              {
                from: 'consumer',
                type: 'ms.PublishEvent',
                body: { event: { type: 'ContentEvent', contentType: 'text/plain', message: 'hi' } },
              },
              { from: 'agent', action: 'say', text: 'How can I help?', afterMs: 2000 },
            ],
          },
        ],
      },
    }),
    ofAccount({
      body: { conversations: [{ consumer: 'zoe', events: [{ from: 'agent', action: 'wave' }] }] },
      status: 400,
    }),
  ],
  putAppInstall: [
    ofAccount({ body: { capabilities: { webhooks: { [textWebhook]: { endpoint } } } } }),
    ofAccount({ body: { clientId: 'other-client', clientSecret: 'other-secret' } }),
    ofAccount({ body: { clientId: '' }, status: 400 }),
  ],
  resetEverything: [
    () => ({ body: { force: true }, status: 200 }),
    async ({ accountId, call }) => {
      for (const id of [accountId, 'other-account']) {
        const body = { state: 'the survey is open', params: { accountId: id } }
        await call('POST', '/__sendbox/provider-states', { body, status: 200 })
      }
      return { status: 409 }
    },
    () => ({ body: { force: 1 }, status: 400 }),
  ],
  resetAccount: [ofAccount()],
}

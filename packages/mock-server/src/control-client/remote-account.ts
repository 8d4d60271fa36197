import type { MockAccount } from '../app/account.ts'
import { type ActAsAgent, createAgent } from '../handle/agent.ts'
import type { MissedRequests } from '../handle/requests.ts'
import { toScript } from '../handle/to-script.ts'
import { toWait } from '../handle/to-wait.ts'
import type { RequestQuery } from '../journal/request-match.ts'
import type { ControlAnswer, ControlCall } from './call.ts'
import { ControlError } from './control-error.ts'

/** The same members, each of which answers with a promise. */
export type Remote<Part> = {
  readonly [Name in keyof Part]: Part[Name] extends (...args: infer Args) => infer Answer
    ? [Answer] extends [Promise<unknown>]
      ? Part[Name]
      : (...args: Args) => Promise<Answer>
    : Promise<Part[Name]>
}

type RemotePart = 'bot' | 'clock' | 'faults' | 'requests' | 'settings' | 'webhooks'

/** One account of a mock in another process: a {@link MockAccount} all of whose answers are promises. */
export interface RemoteAccount extends Omit<MockAccount, RemotePart> {
  readonly bot: Remote<MockAccount['bot']>
  readonly clock: Remote<MockAccount['clock']>
  readonly faults: Remote<MockAccount['faults']>
  readonly requests: Remote<MockAccount['requests']>
  readonly settings: Remote<MockAccount['settings']>
  readonly webhooks: Remote<Omit<MockAccount['webhooks'], 'faults'>> & {
    readonly faults: Remote<MockAccount['webhooks']['faults']>
  }
}

/** Resolves with `undefined` for what the mock does not have. */
async function unlessMissing<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof ControlError && error.status === 404) return undefined
    throw error
  }
}

/** Resolves once a call has succeeded. */
const done = async (answer: Promise<unknown>): Promise<void> => void (await answer)

const toConversations = (accountId: string, call: ControlCall): RemoteAccount['conversations'] => ({
  list: ({ limit = Number.POSITIVE_INFINITY, ...query } = {}) =>
    listPages(limit, true, (pageLimit, edge) => {
      const page = { ...query, ...(edge && { before: edge.conversationId }), limit: pageLimit }
      return call('listConversations', { accountId, query: page })
    }),
  get: conversationId => unlessMissing(call('getConversation', { accountId, conversationId })),
  open: (consumer, conversationId) =>
    call('openConversation', {
      accountId,
      body: { consumer, ...(conversationId !== undefined && { conversationId }) },
    }),
})

function toClock(accountId: string, call: ControlCall): RemoteAccount['clock'] {
  const put = (body: Parameters<typeof call<'putClock'>>[1]['body']) =>
    call('putClock', { accountId, body })
  const show = () => call('getClock', { accountId })
  return {
    get frozen() {
      return show().then(({ frozen }) => frozen)
    },
    get next() {
      return show().then(({ next }) => next ?? undefined)
    },
    now: async () => (await show()).now,
    freeze: () => done(put({ freeze: true })),
    advance: advanceMs => done(put({ advanceMs })),
    resume: () => done(put({ resume: true })),
  }
}

const toFaults = (accountId: string, call: ControlCall): RemoteAccount['faults'] => ({
  add: body => call('addFault', { accountId, body }),
  list: () => call('listFaults', { accountId }),
  remove: async faultId =>
    (await unlessMissing(call('removeFault', { accountId, faultId }))) !== undefined,
  clear: () => done(call('clearFaults', { accountId })),
})

const toWebhookFaults = (
  accountId: string,
  call: ControlCall,
): RemoteAccount['webhooks']['faults'] => ({
  add: body => call('addWebhookFault', { accountId, body }),
  list: () => call('listWebhookFaults', { accountId }),
  remove: async faultId =>
    (await unlessMissing(call('removeWebhookFault', { accountId, faultId }))) !== undefined,
  clear: () => done(call('clearWebhookFaults', { accountId })),
})

/** Records that a page of a list has at most. */
const maxPageSize = 1000

/** Reads a list page by page: each page follows the last record before it, if `isForward`, or else precedes the first. */
async function listPages<Item>(
  limit: number,
  isForward: boolean,
  read: (limit: number, edge: Item | undefined) => Promise<readonly Item[]>,
): Promise<Item[]> {
  let found: Item[] = []
  for (;;) {
    const wanted = Math.min(maxPageSize, limit - found.length)
    const page = await read(wanted, isForward ? found.at(-1) : found[0])
    found = isForward ? [...found, ...page] : [...page, ...found]
    if (page.length < wanted || found.length >= limit) return found
  }
}

/** Reads a page of a journal. */
type ReadRequests = (query: RequestQuery) => Promise<ControlAnswer<'listRequests'>>

/** The part of a journal's handle that reads. */
const toList = (read: ReadRequests): Pick<RemoteAccount['requests'], 'dropped' | 'list'> => ({
  get dropped() {
    return read({ limit: 1 }).then(({ dropped }) => dropped)
  },
  list: ({ limit = Number.POSITIVE_INFINITY, ...query } = {}) => {
    const isForward = query.after !== undefined
    return listPages(limit, isForward, async (pageLimit, edge) => {
      const id = edge?.id
      const next = id === undefined ? {} : isForward ? { after: id } : { before: id }
      return (await read({ ...query, ...next, limit: pageLimit })).requests
    })
  },
})

/** Creates the handle on the requests whose account cannot be read. */
export const toMissedRequests = (call: ControlCall): Remote<MissedRequests> =>
  Object.assign(
    toList(query => call('listMisses', { query })),
    {
      clear: () => done(call('clearMisses')),
    },
  )

function toRequests(accountId: string, call: ControlCall): RemoteAccount['requests'] {
  const others: Omit<RemoteAccount['requests'], 'dropped' | 'list'> = {
    verify: expectation => done(call('verifyRequests', { accountId, body: expectation })),
    waitFor: async (...wait: Parameters<typeof toWait>) =>
      (await call('waitForRequests', { accountId, body: toWait(...wait) })).requests,
    resend: async id => (await call('resendRequest', { accountId, requestId: String(id) })).entry,
    clear: () => done(call('clearRequests', { accountId })),
  }
  return Object.assign(
    toList(query => call('listRequests', { accountId, query })),
    others,
  )
}

const toWebhooks = (accountId: string, call: ControlCall): RemoteAccount['webhooks'] => ({
  get dropped() {
    return call('listDeliveries', { accountId }).then(({ dropped }) => dropped)
  },
  faults: toWebhookFaults(accountId, call),
  register: webhooks =>
    done(call('putAppInstall', { accountId, body: { capabilities: { webhooks } } })),
  list: query =>
    listPages(Number.POSITIVE_INFINITY, false, async (limit, edge) => {
      const page = { ...query, ...(edge && { before: edge.deliveryId }), limit }
      return (await call('listDeliveries', { accountId, query: page })).deliveries
    }),
  installs: async () => (await call('listDeliveries', { accountId })).installs,
  waitFor: async (...wait: Parameters<typeof toWait>) =>
    (await call('waitForDeliveries', { accountId, body: toWait(...wait) })).deliveries,
  redeliver: deliveryId => call('redeliver', { accountId, deliveryId }),
  test: async event => (await call('testWebhook', { accountId, body: { event } })).deliveries,
  idle: () => done(call('waitForIdleWebhooks', { accountId })),
})

const toSettings = (accountId: string, call: ControlCall): RemoteAccount['settings'] => ({
  get current() {
    return call('getSettings', { accountId }).then(({ settings }) => settings)
  },
  change: async body => (await call('putSettings', { accountId, body })).settings,
})

const toBot = (accountId: string, call: ControlCall): RemoteAccount['bot'] => ({
  get current() {
    return call('getBot', { accountId }).then(script => script ?? undefined)
  },
  script: (rules, agentId) => done(call('putBot', { accountId, body: toScript(rules, agentId) })),
  reset: () => done(call('resetBot', { accountId })),
})

const actIn =
  (accountId: string, conversationId: string, call: ControlCall): ActAsAgent =>
  async body => {
    try {
      const { sequence = 0 } = await call('actAsAgent', { accountId, conversationId, body })
      return { ok: true, sequence }
    } catch (error) {
      if (!(error instanceof ControlError) || error.errorCode === undefined) throw error
      return { ok: false, reason: `${error.errorCode} ${error.details}` }
    }
  }

/** Creates the handle on an account of a mock in another process. */
export const toRemoteAccount = (
  credentials: Pick<MockAccount, 'accountId' | 'clientId' | 'clientSecret'>,
  call: ControlCall,
): RemoteAccount => {
  const { accountId } = credentials
  return {
    ...credentials,
    conversations: toConversations(accountId, call),
    clock: toClock(accountId, call),
    faults: toFaults(accountId, call),
    requests: toRequests(accountId, call),
    rules: () => call('listRules', { accountId }),
    settings: toSettings(accountId, call),
    webhooks: toWebhooks(accountId, call),
    bot: toBot(accountId, call),
    agent: (conversationId, agentId = 'agent-1') =>
      createAgent(actIn(accountId, conversationId, call), { conversationId, agentId }),
    tokens: (consumer, options) =>
      call('signTokens', { accountId, body: { ...options, consumer } }),
    snapshot: () => call('getSnapshot', { accountId }),
    restore: body => done(call('putSnapshot', { accountId, body })),
    loadScenario: body => done(call('putScenario', { accountId, body })),
    scenario: () => call('getScenario', { accountId }),
    reset: () => done(call('resetAccount', { accountId })),
  }
}

import type { MockServer } from '@sendbox/mock-server'
import { request } from 'undici'
import { z } from 'zod'
import { createStateHandlers } from '../state-handlers.ts'
import { pactAccountId, providerStates } from '../states.ts'
import type { TraceTarget } from '../traces/target.ts'
import type { Alias } from './alias.ts'
import { toCall, toCloseBody } from './own-conversations.ts'

/** What a provider state came to. */
interface StateChange {
  /** What the interaction may inject. */
  readonly values: Readonly<Record<string, string>>
  readonly aliases?: readonly Alias[]
}

/** Brings a target into provider states. */
export interface InteractionStates {
  /** Rejects where the state is unknown or cannot be reached. */
  setUp(state: string, params: Readonly<Record<string, unknown>>): Promise<StateChange>
}

const ValuesSchema = z.record(z.string(), z.string())
const RefusalSchema = z.looseObject({ details: z.string() })

/** The states of a mock: its own, and those that only our pacts have. */
export const createMockStates = (server: MockServer, accountId: string): InteractionStates => ({
  async setUp(state, params) {
    const { statusCode, body } = await request(`${server.url}/__sendbox/provider-states`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ state, params: { accountId, ...params }, action: 'setup' }),
    })
    const answer: unknown = await body.json()
    if (statusCode === 200) return { values: ValuesSchema.parse(answer) }
    const own = createStateHandlers(server) as Readonly<
      Record<string, () => Promise<Readonly<Record<string, string>>>>
    >
    const handler = Object.hasOwn(own, state) && accountId === pactAccountId ? own[state] : undefined
    if (handler !== undefined) return { values: await handler() }
    const refusal = RefusalSchema.safeParse(answer)
    throw new Error(refusal.success ? refusal.data.details : `the mock answered ${statusCode}`)
  },
})

const OpenedSchema = z.object({ conversationId: z.string() })

async function open(target: TraceTarget): Promise<string> {
  const batch = [
    { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: {} },
    {
      kind: 'req',
      id: '2',
      type: 'cm.ConsumerRequestConversation',
      body: { brandId: target.variables['accountId'] },
    },
  ]
  const [allowed] = await target.call(toCall('conversation', batch))
  const items = z.array(z.looseObject({ body: z.unknown() })).safeParse(allowed?.answer.body)
  const opened = items.data?.map(({ body }) => OpenedSchema.safeParse(body)).find(r => r.success)
  if (opened?.data === undefined)
    throw new Error(`no conversation could be opened: the service answered ${allowed?.answer.status}`)
  return opened.data.conversationId
}

async function send(target: TraceTarget, body: unknown): Promise<void> {
  const [allowed] = await target.call(toCall('send', body))
  if (allowed?.answer.status !== 200)
    throw new Error(`the service answered ${allowed?.answer.status} to a request of the state`)
}

const toText = (dialogId: string, message: string): unknown => ({
  kind: 'req',
  id: '1',
  type: 'ms.PublishEvent',
  body: { dialogId, event: { type: 'ContentEvent', contentType: 'text/plain', message } },
})

const withConversation =
  (goOn: (target: TraceTarget, conversationId: string) => Promise<void>) =>
  async (target: TraceTarget): Promise<Record<string, string>> => {
    const conversationId = await open(target)
    await goOn(target, conversationId)
    return { conversationId, dialogId: conversationId }
  }

/** The states that calls of the consumer alone bring about. */
const reachableStates: Readonly<
  Record<string, (target: TraceTarget) => Promise<Record<string, string>>>
> = {
  [providerStates.openConversation]: withConversation(async () => undefined),
  [providerStates.conversationWithTwoTexts]: withConversation(async (target, id) => {
    await send(target, toText(id, 'one'))
    await send(target, toText(id, 'two'))
  }),
  [providerStates.closedConversation]: withConversation((target, id) =>
    send(target, toCloseBody(id)),
  ),
  'the consumer has no open conversation': async () => ({}),
}

/** Claims that calls of a consumer bring a service into a state. */
export const isReachable = (state: string): boolean => Object.hasOwn(reachableStates, state)

/** The states of a service that has no control API; ids that a pact gives become aliases of real ones. */
export const createServiceStates = (target: TraceTarget): InteractionStates => ({
  async setUp(state, params) {
    const reach = isReachable(state) ? reachableStates[state] : undefined
    if (reach === undefined) throw new Error('calls of a consumer do not bring it about')
    const values = await reach(target)
    const aliases = Object.entries(values).flatMap(([name, atTarget]) => {
      const inPact = params[name]
      return typeof inPact === 'string' ? [{ inPact, atTarget }] : []
    })
    return { values, aliases }
  },
})

import type { MockServer } from '@sendbox/mock-server'
import { type FileUrl, FileUrlSchema } from '@sendbox/schema'
import { request } from 'undici'
import { z } from 'zod'
import type { FileUrlRequest } from '../pact/placeholders.ts'
import { pactConsumerId, providerStates } from '../pact/states.ts'
import type { TraceTarget } from '../traces/target.ts'
import type { Alias } from './alias.ts'
import { toCall, toCloseBody } from './conversation-tracker.ts'

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

/** The states of a mock, which its control API brings about. */
export const createMockStates = (server: MockServer, accountId: string): InteractionStates => ({
  async setUp(state, params) {
    const { statusCode, body } = await request(`${server.url}/__sendbox/provider-states`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ state, params: { accountId, ...params }, action: 'setup' }),
    })
    const answer: unknown = await body.json()
    if (statusCode === 200) return { values: ValuesSchema.parse(answer) }
    const refusal = RefusalSchema.safeParse(answer)
    throw new Error(refusal.success ? refusal.data.details : `the mock answered ${statusCode}`)
  },
})

/** Where a state is to be reached, and for whom. */
interface Reach {
  readonly target: TraceTarget
  readonly consumer: string
}

const OpenedSchema = z.object({ conversationId: z.string() })

async function open({ target, consumer }: Reach): Promise<string> {
  const batch = [
    { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: {} },
    {
      kind: 'req',
      id: '2',
      type: 'cm.ConsumerRequestConversation',
      body: { brandId: target.variables['accountId'] },
    },
  ]
  const [allowed] = await target.call(toCall('conversation', batch, consumer))
  const items = z.array(z.looseObject({ body: z.unknown() })).safeParse(allowed?.answer.body)
  const opened = items.data?.map(({ body }) => OpenedSchema.safeParse(body)).find(r => r.success)
  if (opened?.data === undefined)
    throw new Error(
      `no conversation could be opened: the service answered ${allowed?.answer.status}`,
    )
  return opened.data.conversationId
}

async function send({ target, consumer }: Reach, body: unknown): Promise<void> {
  const [allowed] = await target.call(toCall('send', body, consumer))
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
  (goOn: (reach: Reach, conversationId: string) => Promise<void>) =>
  async (reach: Reach): Promise<Record<string, string>> => {
    const conversationId = await open(reach)
    await goOn(reach, conversationId)
    return { conversationId, dialogId: conversationId }
  }

const UrlAnswerSchema = z.looseObject({ body: FileUrlSchema })

/** Asks a service where a file may be put, or fetched from. Rules: URL-1, URL-2. */
export async function askFileUrl(target: TraceTarget, asked: FileUrlRequest): Promise<FileUrl> {
  const [allowed] = await target.call(toCall('send', { kind: 'req', id: '1', ...asked }))
  const answer = UrlAnswerSchema.safeParse(allowed?.answer.body)
  if (!answer.success)
    throw new Error(`no URL for a file: the service answered ${allowed?.answer.status}`)
  return answer.data.body
}

async function upload({ target }: Reach): Promise<Record<string, string>> {
  const bytes = 'a file'
  const body = { fileSize: bytes.length, fileType: 'JPG' }
  const url = await askFileUrl(target, { type: 'ms.GenerateURLForUploadFile', body })
  const { relativePath: path, queryParams: query } = url
  const [allowed] = await target.call({ ...toCall('upload', bytes), path, query })
  if (allowed?.answer.status !== 201)
    throw new Error(`no file could be uploaded: the service answered ${allowed?.answer.status}`)
  return { relativePath: path }
}

/** The states that calls of the consumer alone bring about. */
const reachableStates: Readonly<Record<string, (reach: Reach) => Promise<Record<string, string>>>> =
  {
    [providerStates.openConversation]: withConversation(async () => undefined),
    [providerStates.conversationWithTwoTexts]: withConversation(async (reach, id) => {
      await send(reach, toText(id, 'one'))
      await send(reach, toText(id, 'two'))
    }),
    [providerStates.closedConversation]: withConversation((reach, id) =>
      send(reach, toCloseBody(id)),
    ),
    [providerStates.noOpenConversation]: async () => ({}),
    [providerStates.uploadedFile]: upload,
  }

/** Claims that calls of a consumer bring a service into a state. */
export const isReachable = (state: string): boolean => Object.hasOwn(reachableStates, state)

/** The states of a service that has no control API; ids that a pact gives become aliases of real ones. */
export const createServiceStates = (
  target: TraceTarget,
  tokensOf: (consumer: string) => Promise<Record<string, string>>,
): InteractionStates => ({
  async setUp(state, params) {
    const reach = isReachable(state) ? reachableStates[state] : undefined
    if (reach === undefined) throw new Error('calls of a consumer do not bring it about')
    const named = params['consumer']
    const consumer = typeof named === 'string' && named !== pactConsumerId ? named : 'consumer'
    const reached = await reach({ target, consumer })
    const aliases = Object.entries(reached).flatMap(([name, atTarget]) => {
      const inPact = params[name]
      return typeof inPact === 'string' ? [{ inPact, atTarget }] : []
    })
    const accountId = target.variables['accountId'] ?? ''
    return { values: { accountId, ...(await tokensOf(consumer)), ...reached }, aliases }
  },
})

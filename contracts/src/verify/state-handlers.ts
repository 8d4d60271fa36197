import type { MockServer } from '@sendbox/mock-server'
import { type FileUrl, FileUrlSchema } from '@sendbox/schema'
import { request as send } from 'undici'
import { z } from 'zod'
import { stringsIn } from '../json.ts'
import type { FileUrlRequest, TokenPair } from '../pact/placeholders.ts'
import {
  type ProviderStateValues,
  pactAccountId,
  pactConsumerId,
  providerStates,
} from '../pact/states.ts'
import type { TraceTarget } from '../traces/target.ts'
import type { Alias } from './alias.ts'
import { callAsConsumer, toCall, toCloseBody } from './conversation-tracker.ts'

type Params = Readonly<Record<string, unknown>>

/** Sets up the provider states of a service, and tears them down. */
export interface StateHandlers {
  /** Rejects if the state is unknown or cannot be reached. */
  setUp(
    state: string,
    params: Params,
  ): Promise<{ readonly values: ProviderStateValues; readonly aliases?: readonly Alias[] }>
  /** @default nothing to tear down */
  tearDown?(state: string, params: Params): Promise<unknown>
}

const ValuesSchema = z.record(z.string(), z.string())
const RefusalSchema = z.looseObject({ details: z.string() })

/** The provider states of a mock, through its control API. */
export function createMockStates(
  { url }: Pick<MockServer, 'url'>,
  accountId: string = pactAccountId,
): Required<StateHandlers> {
  const change = async (state: string, params: Params, action: 'setup' | 'teardown') => {
    const { statusCode, body } = await send(`${url}/__sendbox/provider-states`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ state, params: { accountId, ...params }, action }),
    })
    const json: unknown = await body.json()
    if (statusCode === 200) return ValuesSchema.parse(json)
    const refusal = RefusalSchema.safeParse(json)
    throw new Error(refusal.success ? refusal.data.details : `the mock answered ${statusCode}`)
  }
  return {
    setUp: async (state, params) => ({ values: await change(state, params, 'setup') }),
    tearDown: (state, params) => change(state, params, 'teardown'),
  }
}

/** The service and the consumer of a provider state. */
interface Subject {
  readonly target: TraceTarget
  readonly consumer: string
}

async function open({ target, consumer }: Subject): Promise<string> {
  const batch = [
    { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: {} },
    {
      kind: 'req',
      id: '2',
      type: 'cm.ConsumerRequestConversation',
      body: { brandId: target.variables['accountId'] },
    },
  ]
  const { status, body } = await callAsConsumer(target, 'conversation', batch, consumer)
  const [conversationId] = stringsIn(body, 'conversationId')
  if (conversationId === undefined)
    throw new Error(`no conversation could be opened: the service answered ${status}`)
  return conversationId
}

async function sendRequest({ target, consumer }: Subject, body: unknown): Promise<void> {
  const { status } = await callAsConsumer(target, 'send', body, consumer)
  if (status !== 200) throw new Error(`the service answered ${status} to a request of the state`)
}

const toText = (message: string) => (dialogId: string) => ({
  kind: 'req',
  id: '1',
  type: 'ms.PublishEvent',
  body: { dialogId, event: { type: 'ContentEvent', contentType: 'text/plain', message } },
})

const withConversation =
  (...toBodies: ((conversationId: string) => unknown)[]) =>
  async (subject: Subject): Promise<ProviderStateValues> => {
    const conversationId = await open(subject)
    for (const toBody of toBodies) await sendRequest(subject, toBody(conversationId))
    return { conversationId, dialogId: conversationId }
  }

const FileUrlResponseSchema = z.looseObject({ body: FileUrlSchema })

/** Requests a signed URL for an upload or a download. Rules: URL-1, URL-2. */
export async function requestFileUrl(
  target: TraceTarget,
  fileUrlRequest: FileUrlRequest,
): Promise<FileUrl> {
  const request = { kind: 'req', id: '1', ...fileUrlRequest }
  const { status, body } = await callAsConsumer(target, 'send', request)
  const parsed = FileUrlResponseSchema.safeParse(body)
  if (!parsed.success) throw new Error(`no URL for a file: the service answered ${status}`)
  return parsed.data.body
}

async function upload({ target }: Subject): Promise<ProviderStateValues> {
  const bytes = 'a file'
  const body = { fileSize: bytes.length, fileType: 'JPG' }
  const url = await requestFileUrl(target, { type: 'ms.GenerateURLForUploadFile', body })
  const { relativePath: path, queryParams: query } = url
  const [allowed] = await target.call({ ...toCall('upload', bytes), path, query })
  if (allowed?.response.status !== 201)
    throw new Error(`no file could be uploaded: the service answered ${allowed?.response.status}`)
  return { relativePath: path }
}

/** The provider states that calls of a consumer can set up. */
const reachableStates: Readonly<
  Record<string, (subject: Subject) => Promise<ProviderStateValues>>
> = {
  [providerStates.openConversation]: withConversation(),
  [providerStates.conversationWithTwoTexts]: withConversation(toText('one'), toText('two')),
  [providerStates.closedConversation]: withConversation(toCloseBody),
  [providerStates.noOpenConversation]: async () => ({}),
  [providerStates.uploadedFile]: upload,
}

/** Whether calls of a consumer can set up a provider state. */
export const isReachable = (state: string): boolean => Object.hasOwn(reachableStates, state)

/** The provider states of a service without a control API; ids in a pact become aliases of real ones. */
export const createServiceStates = (
  target: TraceTarget,
  tokensOf: (consumer: string) => Promise<TokenPair>,
): StateHandlers => ({
  async setUp(state, params) {
    const reach = isReachable(state) ? reachableStates[state] : undefined
    if (reach === undefined) throw new Error('calls of a consumer do not bring it about')
    const { consumer: named } = params
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

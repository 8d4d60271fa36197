import { MatchersV3, PactV3, PactV4, SpecificationVersion } from '@pact-foundation/pact'
import { type Client, createClient } from '@sendbox/client'
import { type Operation, type OperationId, operations, toPath } from '@sendbox/schema'
import { Agent, type Dispatcher } from 'undici'
import type { DeclaredInteraction } from '../../src/pact/interactions.ts'
import { placeholders } from '../../src/pact/placeholders.ts'
import {
  type ProviderState,
  pactAccountId,
  pactConsumerId,
  toExpression,
} from '../../src/pact/states.ts'
import { generatedPactsFolder } from '../generated-pacts.ts'
import { type PlatformStub, startPlatformStub } from './platform-stub.ts'

const { fromProviderState } = MatchersV3

export const exampleConversationId = '8602832d-dce1-446b-8445-0d51f5926a42'
export const conversationId = fromProviderState(
  toExpression('conversationId'),
  exampleConversationId,
)

/** Where the stub says that a file is. */
export const exampleRelativePath: string = toPath(operations.upload.path, {
  accountId: pactAccountId,
  fileName: `${'0a'.repeat(32)}_uuid_${exampleConversationId}_24-11-2026_08-30-00-000.PNG`,
})
export const relativePath = fromProviderState(toExpression('relativePath'), exampleRelativePath)
export const exampleExpires = '1795509060'

/** A host that the Domain API of a pact names: every call to one goes to the stub. */
export const exampleHost = 'services.example'

const pactOptions = {
  consumer: 'sendbox-client',
  provider: 'send-api',
  dir: generatedPactsFolder,
  spec: SpecificationVersion.SPECIFICATION_VERSION_V4,
  logLevel: 'warn',
} as const

/** The pact that all consumer tests write. */
export const createPact = (): PactV4 => new PactV4(pactOptions)

/** One state of an interaction; it is about the pact's consumer unless it says otherwise. */
export interface GivenState {
  readonly state: ProviderState
  readonly consumer?: string
}

/** Whom a state is about. */
export const toParams = ({ consumer = pactConsumerId }: GivenState) => ({
  accountId: pactAccountId,
  consumer,
})

type Injected = ReturnType<typeof fromProviderState<string>>

/** One call, as the pact has it. */
export interface Exchange {
  readonly interaction: DeclaredInteraction
  readonly operation: OperationId
  readonly states?: readonly GivenState[]
  readonly appJwt?: string
  /** What the pact has for the AppJWT, where the state gives it. */
  readonly authorization?: Injected
  readonly consumerJws?: string
  readonly clientSecret?: string
  readonly fileSignature?: string
  readonly path?: string | Injected
  /** JSON, or the text of a form or a file. */
  readonly request?: unknown
  readonly status: number
  /** JSON, or the text of a file. */
  readonly response?: unknown
}

/** Leads the calls to the example host to the stub. */
const leadTo = (stub: PlatformStub): Dispatcher & AsyncDisposable => {
  const agent = new Agent()
  const dispatcher = agent.compose(dispatch => (options, handler) => {
    const isExample = String(options.origin).includes(exampleHost)
    return dispatch(isExample ? { ...options, origin: stub.url } : options, handler)
  })
  return Object.assign(dispatcher, { [Symbol.asyncDispose]: () => agent.close() })
}

const toQuery = ({ operation, fileSignature = placeholders.fileSignature }: Exchange) => {
  const { query, queryParameters = [] }: Operation = operations[operation]
  return queryParameters.length === 0
    ? query
    : { temp_url_sig: fileSignature, temp_url_expires: exampleExpires }
}

const toHeaders = ({
  operation,
  appJwt = placeholders.appJwt,
  authorization,
  consumerJws = placeholders.consumerJws,
}: Exchange) => {
  const { headers }: Operation = operations[operation]
  return {
    ...(headers.includes('Authorization') && { Authorization: authorization ?? appJwt }),
    ...(headers.includes('X-LP-ON-BEHALF') && { 'X-LP-ON-BEHALF': consumerJws }),
  }
}

const toTarget = ({ operation, path }: Exchange) =>
  path ?? toPath(operations[operation].path, { accountId: pactAccountId })

type Act = (client: Client, stub: PlatformStub) => Promise<void>

/** Lets the client act against Pact's mock of one service, and a stub of the others. */
const runClient =
  (asked: Exchange, act: Act) =>
  async ({ url }: { readonly url: string }): Promise<void> => {
    const { service }: Operation = operations[asked.operation]
    await using stub = await startPlatformStub({
      ...asked,
      pact: { host: new URL(url).host, service },
      fileUrl: {
        relativePath: exampleRelativePath,
        queryParams: {
          temp_url_sig: asked.fileSignature ?? placeholders.fileSignature,
          temp_url_expires: exampleExpires,
        },
      },
    })
    await using dispatcher = leadTo(stub)
    await using client = createClient({
      accountId: pactAccountId,
      clientId: placeholders.clientId,
      clientSecret: asked.clientSecret ?? placeholders.clientSecret,
      domainApiUrl: service === undefined ? url : stub.url,
      dispatcher,
      maxRetries: 0,
    })
    await act(client, stub)
  }

/** Pact's builder of specification 4 takes no text, and of bytes it compares the type alone; the older one writes specification 4 as well. */
async function exchangeText(asked: Exchange, act: Act): Promise<void> {
  const { interaction, operation, states = [], status, request, response } = asked
  const { method, contentType = 'application/json' }: Operation = operations[operation]
  const toBody = (body: unknown, type: string) =>
    body === undefined ? {} : { contentType: type, body: body as string }
  await new PactV3(pactOptions)
    .addInteraction({
      states: states.map(one => ({ description: one.state, parameters: toParams(one) })),
      uponReceiving: interaction.description,
      withRequest: {
        method,
        path: toTarget(asked),
        query: toQuery(asked),
        ...toBody(request, contentType),
      },
      willRespondWith: {
        status,
        ...toBody(
          response,
          typeof response === 'string' ? 'application/octet-stream' : 'application/json',
        ),
      },
    })
    .executeTest(runClient(asked, act))
}

/** Runs the client against Pact's mock of one call, which writes the call to the pact file. */
export async function exchange(asked: Exchange, act: Act): Promise<void> {
  const { interaction, operation, states = [], status, request, response } = asked
  if (typeof request === 'string' || typeof response === 'string') return exchangeText(asked, act)
  const given = states.reduce(
    (pact, one) => pact.given(one.state, toParams(one)),
    createPact().addInteraction(),
  )
  await given
    .uponReceiving(interaction.description)
    .withRequest(operations[operation].method, toTarget(asked), builder => {
      builder.query(toQuery(asked)).headers(toHeaders(asked))
      if (request !== undefined) builder.jsonBody(request)
    })
    .willRespondWith(status, builder => {
      if (response !== undefined) builder.jsonBody(response)
    })
    .executeTest(runClient(asked, act))
}

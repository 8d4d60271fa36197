import { MatchersV3, PactV3, PactV4, SpecificationVersion } from '@pact-foundation/pact'
import { type Client, createClient } from '@sendbox/client'
import { type Operation, type OperationId, operations, toPath } from '@sendbox/schema'
import { Agent, type Dispatcher } from 'undici'
import type { DeclaredInteraction } from '../../src/pact/interactions.ts'
import { placeholders } from '../../src/pact/placeholders.ts'
import { type ProviderState, pactAccountId, pactConsumerId } from '../../src/pact/states.ts'
import { generatedPactsFolder } from '../generated-pacts.ts'
import { type PlatformStub, startPlatformStub } from './platform-stub.ts'

/** A value of the provider state, and its example. */
export const fromState = (
  name: 'conversationId' | 'dialogId' | 'relativePath' | 'appJwt',
  example: string,
) => MatchersV3.fromProviderState(`\${${name}}`, example)

export const exampleConversationId = '8602832d-dce1-446b-8445-0d51f5926a42'
export const conversationId = fromState('conversationId', exampleConversationId)

/** The path of a file in the stub's responses. */
export const exampleRelativePath: string = toPath(operations.upload.path, {
  accountId: pactAccountId,
  fileName: `${'0a'.repeat(32)}_uuid_${exampleConversationId}_24-11-2026_08-30-00-000.PNG`,
})
export const relativePath = fromState('relativePath', exampleRelativePath)
export const exampleExpires = '1795509060'

/** The host of the services in the Domain API's response of the pact; its calls are sent to the stub. */
export const exampleHost = 'services.example'

const pactOptions = {
  consumer: 'sendbox-client',
  provider: 'send-api',
  dir: generatedPactsFolder,
  spec: SpecificationVersion.SPECIFICATION_VERSION_V4,
  logLevel: 'warn',
} as const

/** The pact of all consumer tests. */
export const createPact = (): PactV4 => new PactV4(pactOptions)

/** A provider state of an interaction. */
export interface GivenState {
  readonly state: ProviderState
  /** @default the pact's consumer */
  readonly consumer?: string
}

/** The parameters of a provider state. */
export const toParams = ({ consumer = pactConsumerId }: GivenState) => ({
  accountId: pactAccountId,
  consumer,
})

type Injected = ReturnType<typeof fromState>

/** One call of the pact. */
export interface Exchange {
  readonly interaction: DeclaredInteraction
  readonly operation: OperationId
  readonly states?: readonly GivenState[]
  readonly appJwt?: string
  /** The generator of an AppJWT that comes from the provider state. */
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

/** Sends calls for the example host to the stub. */
const redirectTo = (stub: PlatformStub): Dispatcher & AsyncDisposable => {
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

/** Runs the client against Pact's mock of one service, and a stub of the others. */
const runClient =
  (call: Exchange, act: Act) =>
  async ({ url }: { readonly url: string }): Promise<void> => {
    const { service }: Operation = operations[call.operation]
    await using stub = await startPlatformStub({
      ...call,
      pact: { host: new URL(url).host, service },
      fileUrl: {
        relativePath: exampleRelativePath,
        queryParams: {
          temp_url_sig: call.fileSignature ?? placeholders.fileSignature,
          temp_url_expires: exampleExpires,
        },
      },
    })
    await using dispatcher = redirectTo(stub)
    await using client = createClient({
      accountId: pactAccountId,
      clientId: placeholders.clientId,
      clientSecret: call.clientSecret ?? placeholders.clientSecret,
      domainApiUrl: service === undefined ? url : stub.url,
      // The hosts of a pact are names that the dispatcher leads to the stub.
      allowPlainHttp: true,
      dispatcher,
      maxRetries: 0,
    })
    await act(client, stub)
  }

/** For text: Pact's builder of specification 4 does not support it, and compares only the type of bytes; the older one writes specification 4, too. */
async function exchangeText(call: Exchange, act: Act): Promise<void> {
  const { interaction, operation, states = [], status, request, response } = call
  const { method, contentType = 'application/json' }: Operation = operations[operation]
  const toBody = (body: unknown, type: string) =>
    body === undefined ? {} : { contentType: type, body: body as string }
  await new PactV3(pactOptions)
    .addInteraction({
      states: states.map(one => ({ description: one.state, parameters: toParams(one) })),
      uponReceiving: interaction.description,
      withRequest: {
        method,
        path: toTarget(call),
        query: toQuery(call),
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
    .executeTest(runClient(call, act))
}

/** Runs the client against Pact's mock of one call, which writes the call to the pact file. */
export async function exchange(call: Exchange, act: Act): Promise<void> {
  const { interaction, operation, states = [], status, request, response } = call
  if (typeof request === 'string' || typeof response === 'string') return exchangeText(call, act)
  const given = states.reduce(
    (pact, one) => pact.given(one.state, toParams(one)),
    createPact().addInteraction(),
  )
  await given
    .uponReceiving(interaction.description)
    .withRequest(operations[operation].method, toTarget(call), builder => {
      builder.query(toQuery(call)).headers(toHeaders(call))
      if (request !== undefined) builder.jsonBody(request)
    })
    .willRespondWith(status, builder => {
      if (response !== undefined) builder.jsonBody(response)
    })
    .executeTest(runClient(call, act))
}

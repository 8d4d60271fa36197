import { type PactFile, readPactFile, statesOf } from '../pact/pact-file.ts'
import {
  type ProviderStateParams,
  type ProviderStateValues,
  pactAccountId,
  providerStates,
} from '../pact/states.ts'
import { HttpTarget } from '../traces/http-target.ts'
import { type Gateway, type ServiceAccess, startGateway } from './gateway.ts'
import { createPactVerifier, type PactVerifier, toDishonoured } from './pact-verifier.ts'
import { startMockService } from './verify-at-mock.ts'

/** Sets up a provider state, and tears it down. */
export interface StateHandler {
  /** Resolves with values for the interaction. */
  setUp(params: ProviderStateParams): Promise<ProviderStateValues>
  tearDown(params: ProviderStateParams): Promise<void>
}

/** Makes the provider send a message; resolves with its body. `values` are those of the provider states. */
type MessageProducer = (values: ProviderStateValues) => Promise<unknown>

/** A running service that a pact is verified against. */
export interface Provider {
  /** Base URL of all services, without a slash at its end. */
  readonly url: string
  /** Real tokens for the placeholders of the pact. */
  readonly tokens: { readonly appJwt: string; readonly consumerJws: string }
  /** The app install, for the placeholders of the pact. */
  readonly client: { readonly clientId: string; readonly clientSecret: string }
  readonly stateHandlers: Readonly<Record<string, StateHandler>>
  /** By the description of the message. */
  readonly messageProducers: Readonly<Record<string, MessageProducer>>
  close(): Promise<void>
}

export interface VerifyOptions {
  /** Paths of pact files of specification 4. */
  readonly pactFiles: readonly string[]
  /**
   * Module whose `createProvider()` starts a {@link Provider}.
   * @default the mock
   */
  readonly providerModule?: string
  /**
   * Longest time for one pact file, in ms.
   * @default 60_000
   */
  readonly timeoutMs?: number
}

/** The result of a verification, which succeeded if `problems` is empty. */
export interface VerifyResult {
  readonly problems: readonly string[]
  /** The verifier's output, without colours. */
  readonly output: string
}

/** Every provider state has a handler: the verifier only warns about a missing one. */
export const checkStates = (
  { interactions }: Pick<PactFile, 'interactions'>,
  handledStates: readonly string[],
): string[] =>
  [...new Set(interactions.flatMap(statesOf))]
    .filter(name => !handledStates.includes(name))
    .map(name => `Provider state "${name}" has no handler`)

/** No handler failed. */
export const checkStateFailures = ({ stateFailures }: Pick<Gateway, 'stateFailures'>): string[] =>
  stateFailures.map(({ state, error }) => `Provider state "${state}" failed: ${String(error)}`)

/** Each provider state that was set up was torn down. */
export const checkTearDowns = ({ changes }: Pick<Gateway, 'changes'>): string[] =>
  Object.entries(changes).flatMap(([state, { setUps, tearDowns }]) =>
    setUps === tearDowns
      ? []
      : [`Provider state "${state}" was set up ${setUps} times and torn down ${tearDowns} times`],
  )

/** Each interaction reached the provider once: the verifier passes a pact without interactions. */
export function checkHits(
  { interactions }: Pick<PactFile, 'interactions'>,
  { hits }: Pick<Gateway, 'hits'>,
): string[] {
  const { length: expected } = interactions
  if (expected === 0) return ['The pact file has no interactions']
  return hits === expected
    ? []
    : [`The provider was called ${hits} times for ${expected} interactions`]
}

/** A service with the names of the states that it handles. */
type PactService = ServiceAccess & AsyncDisposable & { readonly handledStates: readonly string[] }

async function startProvider(providerModule: string): Promise<PactService> {
  const { createProvider } = (await import(providerModule)) as {
    createProvider: () => Promise<Provider>
  }
  const provider = await createProvider()
  const { url: domainApiUrl, tokens, client, stateHandlers, messageProducers } = provider
  const toParams = (params: Readonly<Record<string, unknown>>) =>
    params as unknown as ProviderStateParams
  return {
    target: new HttpTarget({ ...client, domainApiUrl, accountId: pactAccountId, run: 'verify' }),
    tokens: async () => tokens,
    states: {
      setUp: async (state, params) => ({
        values: (await stateHandlers[state]?.setUp(toParams(params))) ?? {},
      }),
      tearDown: async (state, params) => stateHandlers[state]?.tearDown(toParams(params)),
    },
    sendMessage: async (description, values) => messageProducers[description]?.(values),
    handledStates: Object.keys(stateHandlers),
    [Symbol.asyncDispose]: () => provider.close(),
  }
}

const startService = async (providerModule: string | undefined): Promise<PactService> =>
  providerModule === undefined
    ? {
        ...(await startMockService({ accountId: pactAccountId, sendsMessages: true })),
        handledStates: Object.values(providerStates),
      }
    : startProvider(providerModule)

const toNoVerdict = (pactFile: string, output: string): VerifyResult => ({
  problems: [`The verifier ended without a verdict on ${pactFile}`],
  output,
})

async function verifyPact(
  pactFile: string,
  startedService: PactService,
  verifier: PactVerifier,
): Promise<VerifyResult> {
  await using service = startedService
  const pact = await readPactFile(pactFile)
  await using gateway = await startGateway(service)
  const messages = pact.interactions.flatMap(({ type, description }) =>
    type === 'Asynchronous/Messages' ? [description] : [],
  )
  const { verdict, reason, output } = await verifier.verify({ ...gateway.urls, pactFile, messages })
  if (verdict === 'noVerdict') return toNoVerdict(pactFile, output)
  return {
    problems: [
      ...(verdict === 'failed' ? [toDishonoured(reason)] : []),
      ...checkStates(pact, service.handledStates),
      ...checkStateFailures(gateway),
      ...checkTearDowns(gateway),
      ...checkHits(pact, gateway),
    ],
    output,
  }
}

/** Verifies pact files one after the other, with checks that the native verifier lacks. */
export async function verifyPacts({
  pactFiles,
  providerModule,
  timeoutMs,
}: VerifyOptions): Promise<VerifyResult> {
  await using verifier = createPactVerifier({ timeoutMs })
  const results: VerifyResult[] = []
  for (const pactFile of pactFiles) {
    const service = await startService(providerModule).catch(String)
    results.push(
      typeof service === 'string'
        ? toNoVerdict(pactFile, service)
        : await verifyPact(pactFile, service, verifier),
    )
  }
  if (results.length === 0) return { problems: ['There is no pact file to verify'], output: '' }
  return {
    problems: results.flatMap(({ problems }) => problems),
    output: results.map(({ output }) => output).join('\n'),
  }
}

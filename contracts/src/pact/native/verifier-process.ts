// A child process of verify-pacts: argv names the module of the provider and the pact file; its report goes to the parent.
import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { Verifier, type VerifierOptions } from '@pact-foundation/pact'
import { type FillableCall, fillPlaceholders } from '../placeholders.ts'
import { type ProviderStateParams, pactAccountId } from '../states.ts'
import type { Provider } from './provider.ts'
import { askFileUrl } from './state-handlers.ts'
import type { VerifierReport } from './verify-pacts.ts'

const [providerModule = '', pactFile = ''] = process.argv.slice(2)
const { createProvider } = (await import(providerModule)) as {
  createProvider: () => Promise<Provider>
}
const provider = await createProvider()
const providerPort = Number(new URL(provider.url).port)

const own = { calls: 0 }
const hits = { count: 0 }
const changes: Record<string, { setUps: number; tearDowns: number }> = {}
const stateFailures: { state: string; message: string }[] = []
let values: Readonly<Record<string, string>> = {}

subscribe('http.server.request.start', message => {
  const { socket } = message as { socket: Socket }
  if (socket.localPort === providerPort && own.calls === 0) hits.count += 1
})

/** Calls that the verification makes for itself are no hits. */
async function makeOwnCall<Result>(call: () => Promise<Result>): Promise<Result> {
  own.calls += 1
  try {
    return await call()
  } finally {
    own.calls -= 1
  }
}

const watch = async <Result>(state: string, change: () => Promise<Result>): Promise<Result> => {
  try {
    return await makeOwnCall(change)
  } catch (error) {
    stateFailures.push({ state, message: String(error) })
    throw error
  }
}

const stateHandlers = Object.fromEntries(
  Object.entries(provider.stateHandlers).map(([state, handler]) => {
    const counts = { setUps: 0, tearDowns: 0 }
    changes[state] = counts
    return [
      state,
      {
        async setup(params: unknown) {
          counts.setUps += 1
          const given = await watch(state, () => handler.setUp(params as ProviderStateParams))
          values = { ...values, ...given }
          return { ...given }
        },
        async teardown(params: unknown) {
          values = {}
          await watch(state, () => handler.tearDown(params as ProviderStateParams))
          counts.tearDowns += 1
        },
      },
    ]
  }),
)

const messageProviders = Object.fromEntries(
  Object.entries(provider.messageProducers).map(([description, produce]) => [
    description,
    async () => {
      hits.count += 1
      return (await makeOwnCall(() => produce(values))) as never
    },
  ]),
)

const fillings = {
  ...provider.tokens,
  ...provider.client,
  askFileUrl: (request: Parameters<typeof askFileUrl>[1]) =>
    makeOwnCall(() => askFileUrl({ ...provider, accountId: pactAccountId }, request)),
}

const isForm = (contentType: string | undefined): boolean =>
  contentType?.startsWith('application/x-www-form-urlencoded') ?? false

type FilteredRequest = Parameters<NonNullable<VerifierOptions['requestFilter']>>[0]

/** The verifier's proxy leaves JSON and forms parsed, and takes bytes as they are. */
async function fill(request: FilteredRequest): Promise<void> {
  const { method, url, headers } = request
  const body: unknown = request.body
  const call: FillableCall = {
    method,
    path: url,
    headers: headers as Record<string, string>,
    bytes: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body ?? '')),
  }
  const filled = await fillPlaceholders(call, fillings)
  request.url = filled.path
  Object.assign(headers, filled.headers)
  if (!isForm(headers['content-type'])) return
  request.body = filled.bytes
  headers['content-length'] = String(filled.bytes.length)
}

const requestFilter: NonNullable<VerifierOptions['requestFilter']> = async (request, _, next) => {
  await fill(request)
  next()
}

const verify = async (): Promise<string | undefined> => {
  try {
    await new Verifier({
      provider: 'send-api',
      providerBaseUrl: provider.url,
      pactUrls: [pactFile],
      // The types of messages know no teardown, the verifier does.
      stateHandlers: stateHandlers as NonNullable<VerifierOptions['stateHandlers']>,
      messageProviders,
      requestFilter,
      timeout: 10_000,
      logLevel: 'warn',
    }).verifyProvider()
    return undefined
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return `The provider does not honour the pact (${reason}); the verifier's output says where`
  }
}

const failure = await verify()
const whole: VerifierReport = {
  ...(failure !== undefined && { failure }),
  providerHits: hits.count,
  changes,
  stateFailures,
  handledStates: Object.keys(stateHandlers),
}
await provider.close()
process.send?.(whole, () => process.exit(0))

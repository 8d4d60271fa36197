// A child process of verify-pacts: argv names the module of the provider and the pact file; its report goes to the parent.
import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { Verifier, type VerifierOptions } from '@pact-foundation/pact'
import type { Provider } from './provider.ts'
import { placeholders } from './states.ts'
import type { VerifierReport } from './verify-pacts.ts'

const [providerModule = '', pactFile = ''] = process.argv.slice(2)
const { createProvider } = (await import(providerModule)) as {
  createProvider: () => Promise<Provider>
}
const provider = await createProvider()
const providerPort = Number(new URL(provider.url).port)

const isStateSetUp = { running: false }
let providerHits = 0
subscribe('http.server.request.start', message => {
  const { socket } = message as { socket: Socket }
  if (socket.localPort === providerPort && !isStateSetUp.running) providerHits += 1
})

const stateFailures: { state: string; message: string }[] = []
const stateHandlers = Object.fromEntries(
  Object.entries(provider.stateHandlers).map(([state, handler]) => [
    state,
    async () => {
      isStateSetUp.running = true
      try {
        return { ...(await handler()) }
      } catch (error) {
        stateFailures.push({ state, message: String(error) })
        throw error
      } finally {
        isStateSetUp.running = false
      }
    },
  ]),
)

/** Puts real tokens where the pact has placeholders; everything else goes out as it is written. */
const requestFilter: NonNullable<VerifierOptions['requestFilter']> = (request, _response, next) => {
  const { headers } = request
  if (headers.authorization === placeholders.appJwt) headers.authorization = provider.tokens.appJwt
  if (headers['x-lp-on-behalf'] === placeholders.consumerJws)
    headers['x-lp-on-behalf'] = provider.tokens.consumerJws
  next()
}

const verify = async (): Promise<string | undefined> => {
  try {
    await new Verifier({
      provider: 'send-api',
      providerBaseUrl: provider.url,
      pactUrls: [pactFile],
      stateHandlers,
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
const report: VerifierReport = {
  ...(failure !== undefined && { failure }),
  providerHits,
  stateFailures,
  handledStates: Object.keys(stateHandlers),
}
await provider.close()
process.send?.(report, () => process.exit(0))

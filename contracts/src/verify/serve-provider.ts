import { parseJson } from '../json.ts'
import { pactAccountId } from '../pact/states.ts'
import { type ProxyRequest, startProxy } from '../proxy.ts'
import { type Gateway, StateCallSchema, startGateway, statesPath } from './gateway.ts'
import { startMockService } from './verify-at-mock.ts'

/** A provider for the pacts of any verifier. */
export interface ServedProvider extends AsyncDisposable {
  /** Base URL of the provider. */
  readonly url: string
  /** Sets up provider states, and tears them down. */
  readonly statesUrl: string
}

/** A new mock behind a gateway. */
async function startWorld(): Promise<Pick<Gateway, 'urls'> & AsyncDisposable> {
  const service = await startMockService({ accountId: pactAccountId, sendsMessages: false })
  const gateway = await startGateway({ ...service, aliasAccount: true })
  return {
    urls: gateway.urls,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]()
      await service[Symbol.asyncDispose]()
    },
  }
}

const isTearDown = ({ bytes }: ProxyRequest): boolean =>
  StateCallSchema.safeParse(parseJson(bytes)).data?.action === 'teardown'

/**
 * Serves a mock to any Pact verifier as `verify` does: tokens and ids of a pact are replaced, provider states are set up, and each
 * interaction meets a new mock. An interaction ends with its call, so whatever comes next, other than a teardown, begins another.
 *
 * @param port on loopback; 0 takes a free one
 */
export async function serveProvider(port: number): Promise<ServedProvider> {
  let world = await startWorld()
  let wasCalled = false
  /** Verifiers call one after the other; if one does not, its calls wait. */
  let last: Promise<unknown> = Promise.resolve()
  const proxy = await startProxy({
    port,
    target: () => world.urls.url,
    intercept: (request, forward) => {
      const isState = request.path === statesPath
      const handled = last.then(async () => {
        if (wasCalled && !(isState && isTearDown(request))) {
          await world[Symbol.asyncDispose]()
          world = await startWorld()
          wasCalled = false
        }
        if (!isState) wasCalled = true
        return forward(request)
      })
      last = handled.catch(() => undefined)
      return handled
    },
  })
  return {
    url: proxy.url,
    statesUrl: `${proxy.url}${statesPath}`,
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]()
      await last
      await world[Symbol.asyncDispose]()
    },
  }
}

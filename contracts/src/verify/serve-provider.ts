import { pactAccountId } from '../pact/states.ts'
import { startProxy } from '../proxy.ts'
import { type Gateway, startGateway, statesPath } from './gateway.ts'
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

/**
 * Serves a mock to any Pact verifier as `verify` does: tokens and ids of a pact are replaced, provider states are set up, and each
 * interaction meets a new mock. An interaction ends with its call: its teardown meets the next mock already, which has nothing to tear down.
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
      const handled = last.then(async () => {
        if (wasCalled) {
          await world[Symbol.asyncDispose]()
          world = await startWorld()
        }
        wasCalled = request.path !== statesPath
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

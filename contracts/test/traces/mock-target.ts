import { type MockServer, startMockServer } from '@sendbox/mock-server'
import { HttpTarget } from '../../src/traces/http-target.ts'
import type { Trace } from '../../src/traces/trace.ts'

/** A mock with the settings that a trace wants, as a target. */
export async function startMockTarget({
  settings,
}: Trace): Promise<AsyncDisposable & { readonly target: HttpTarget; readonly server: MockServer }> {
  const server = await startMockServer({ settings })
  const { accountId, clientId, clientSecret } = server.account()
  const target = new HttpTarget({
    domainApiUrl: server.url,
    accountId,
    clientId,
    clientSecret,
    run: 'test',
    controlUrl: `${server.url}/__sendbox`,
  })
  return { target, server, [Symbol.asyncDispose]: () => server.close() }
}

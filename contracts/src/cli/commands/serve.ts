import { serveProvider } from '../../verify/serve-provider.ts'
import { readPort, toPortError } from '../read-port.ts'
import { orRefuse, type Terminal } from '../terminal.ts'

/** The flags of `sendbox-contracts serve`. */
export interface ServeFlags {
  readonly port: string
}

/** Serves the mock to any Pact verifier until Ctrl-C; returns the exit code. */
export async function runServe(flags: ServeFlags, terminal: Terminal): Promise<number> {
  const port = readPort(flags.port)
  const signalled = terminal.waitForSignal()
  await using provider = await orRefuse(serveProvider(port), error => toPortError(error, port))
  const { hostname, port: ownPort } = new URL(provider.url)
  terminal.stdout.write(`The provider is ${provider.url}; Ctrl-C stops it. For example:

pact_verifier_cli --hostname ${hostname} --port ${ownPort} --file pacts/my-connector-send-api.json \\
  --state-change-url ${provider.statesUrl} --state-change-teardown
`)
  await signalled
  return 0
}

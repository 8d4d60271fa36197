import { type BrokerPact, PactBroker } from '../broker/broker.ts'
import type { NamedInteraction } from '../pact/pact-file.ts'
import { createSecrets } from '../secrets.ts'
import type { VerificationResult } from '../verify/verify-result.ts'
import { CommandError, orRefuse, type Terminal } from './terminal.ts'

/** The flags for a Pact broker. */
export interface BrokerFlags {
  readonly brokerUrl?: string
  readonly provider: string
  readonly publish?: boolean
  readonly providerVersion?: string
  readonly providerBranch?: string
}

/** The pacts of a broker, to be verified. */
export interface BrokerPacts {
  readonly interactions: readonly NamedInteraction[]
  /** Publishes the results, if the flags say so; `result` has an item for each interaction. Resolves with a line for each pact. */
  publish(result: VerificationResult): Promise<readonly string[]>
}

function readBrokerUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new CommandError('--broker-url is no http or https URL')
  if (url.username !== '' || url.password !== '')
    throw new CommandError(
      '--broker-url must not hold a user name or a password: set PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD',
    )
  return url.href
}

/** The credentials are those that Pact's own tools read. */
const toAuthorization = ({
  PACT_BROKER_TOKEN: token,
  PACT_BROKER_USERNAME: username,
  PACT_BROKER_PASSWORD: password = '',
}: Terminal['env']): string | undefined => {
  if (token) return `Bearer ${token}`
  return username ? `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` : undefined
}

function checkFlags({ brokerUrl, publish, providerVersion }: BrokerFlags): void {
  if (publish && brokerUrl === undefined)
    throw new CommandError(
      '--publish needs --broker-url <url>: results go to the broker of the pacts',
    )
  if (publish && !providerVersion)
    throw new CommandError(
      '--publish needs --provider-version <version>: a result is that of a version, such as sendbox-0.1.0',
    )
}

/** The verdict on a pact: `undefined` where nothing failed and some of it was not verified. */
function toSuccess(items: VerificationResult['items']): boolean | undefined {
  if (items.some(({ verdict, pending }) => verdict === 'failed' || pending)) return false
  return items.every(({ verdict }) => verdict === 'passed') ? true : undefined
}

/** Reads the pacts of a broker; `undefined` if the flags name none. Throws a `CommandError` that shows no credentials. */
export async function readBrokerPacts(
  flags: BrokerFlags,
  { env }: Pick<Terminal, 'env'>,
): Promise<BrokerPacts | undefined> {
  checkFlags(flags)
  const { brokerUrl, provider, publish, providerVersion = '', providerBranch } = flags
  if (brokerUrl === undefined) return undefined
  const authorization = toAuthorization(env)
  const secrets = createSecrets()
  const [, credentials] = authorization?.split(' ') ?? []
  for (const secret of [env['PACT_BROKER_TOKEN'], env['PACT_BROKER_PASSWORD'], credentials])
    secrets.add(secret)
  const orRefuseWithoutSecrets = <Value>(promise: Promise<Value>): Promise<Value> =>
    orRefuse(promise, error =>
      // Cut last: a part of a secret is not recognized.
      secrets.redact(error instanceof Error ? error.message : String(error)).slice(0, 600),
    )
  const broker = new PactBroker({ url: readBrokerUrl(brokerUrl), authorization })
  const pacts = await orRefuseWithoutSecrets(broker.readPacts(provider, providerBranch))
  if (pacts.length === 0)
    throw new CommandError(
      `The Pact broker has no pact for the provider "${provider}" that is of a main branch, deployed or released`,
    )
  const publishOne = async (pact: BrokerPact, items: VerificationResult['items']) => {
    const { name } = pact
    const success = toSuccess(items)
    if (success === undefined) return `Not published: ${name}, of which some was left out`
    const version = { version: providerVersion, branch: providerBranch }
    await orRefuseWithoutSecrets(pact.publish(success, version))
    return `Published: ${name}, ${success ? 'success' : 'failure'}`
  }
  return {
    interactions: pacts.flatMap(({ interactions }) => interactions),
    async publish({ items }) {
      if (!publish) return []
      const rest = [...items]
      const lines: string[] = []
      for (const pact of pacts)
        lines.push(await publishOne(pact, rest.splice(0, pact.interactions.length)))
      return lines
    },
  }
}

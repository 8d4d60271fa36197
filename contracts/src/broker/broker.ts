import { request } from 'undici'
import { z } from 'zod'
import { parseJson } from '../json.ts'
import { type NamedInteraction, toInteractions } from '../pact/pact-file.ts'

/** How a Pact broker is called. */
export interface BrokerOptions {
  /** Base URL. */
  readonly url: string
  /** Value of the `Authorization` header. @default none */
  readonly authorization?: string | undefined
}

/** The provider version of a verification. */
export interface ProviderVersion {
  readonly version: string
  /** @default none */
  readonly branch?: string | undefined
}

const LinkSchema = z.looseObject({ href: z.string() })
const ResourceSchema = z.looseObject({ _links: z.record(z.string(), z.unknown()) })
type Resource = z.output<typeof ResourceSchema>

const PactSchema = ResourceSchema.extend({
  consumer: z.looseObject({ name: z.string() }),
  provider: z.looseObject({ name: z.string() }),
})

const PactsSchema = z.looseObject({
  _embedded: z.looseObject({
    pacts: z.array(
      z.looseObject({
        verificationProperties: z.looseObject({ pending: z.boolean().optional() }).optional(),
        _links: z.looseObject({ self: LinkSchema }),
      }),
    ),
  }),
})

/** A pact of a broker. */
export interface BrokerPact {
  /** Consumer and provider. */
  readonly name: string
  readonly interactions: readonly NamedInteraction[]
  /** Publishes whether the provider version honours it. */
  publish(success: boolean, provider: ProviderVersion): Promise<void>
}

/** The pacts that a provider must honour: those of main branches, and those that are deployed or released. */
const consumerVersionSelectors = [{ mainBranch: true }, { deployedOrReleased: true }] as const

/** A Pact broker, whose HAL links are followed from its index. */
export class PactBroker {
  readonly #index: URL
  readonly #authorization: string | undefined

  constructor({ url, authorization }: BrokerOptions) {
    this.#index = new URL(url)
    this.#authorization = authorization
  }

  /** Reads the pacts that a provider is to verify. A pact is pending only for a branch. */
  async readPacts(provider: string, branch: string | undefined): Promise<BrokerPact[]> {
    const index = await this.#call(ResourceSchema, 'GET', this.#index.href)
    const href = this.#findLink(index, 'pb:provider-pacts-for-verification', { provider })
    const pending = branch && { includePendingStatus: true, providerVersionBranch: branch }
    const query = { consumerVersionSelectors, ...pending }
    const { pacts } = (await this.#call(PactsSchema, 'POST', href, query))._embedded
    return Promise.all(
      pacts.map(({ _links, verificationProperties }) =>
        this.#readPact(_links.self.href, verificationProperties?.pending ?? false),
      ),
    )
  }

  async #readPact(href: string, isPending: boolean): Promise<BrokerPact> {
    const pact = await this.#call(PactSchema, 'GET', href)
    const { _links: _, ...file } = pact
    return {
      name: `${pact.consumer.name} → ${pact.provider.name}`,
      interactions: toInteractions(file, href, isPending),
      publish: (success, provider) => this.#publish(pact, success, provider),
    }
  }

  /** The branch first, so that no result is of a version without one. */
  async #publish(
    pact: Resource,
    success: boolean,
    { version, branch }: ProviderVersion,
  ): Promise<void> {
    const results = this.#findLink(pact, 'pb:publish-verification-results')
    if (branch !== undefined) {
      const ofProvider = this.#findLink(pact, 'pb:provider')
      const provider = await this.#call(ResourceSchema, 'GET', ofProvider)
      const ofVersion = this.#findLink(provider, 'pb:branch-version', { branch, version })
      await this.#call(z.unknown(), 'PUT', ofVersion, {})
    }
    const result = { success, providerApplicationVersion: version }
    await this.#call(z.unknown(), 'POST', results, result)
  }

  /** The URL of a relation, whose `{name}`s are filled. */
  #findLink(
    { _links }: Resource,
    relation: string,
    values: Readonly<Record<string, string>> = {},
  ): string {
    const link = LinkSchema.safeParse(_links[relation])
    if (!link.success) throw new Error(`The Pact broker names no link ${relation}`)
    return link.data.href.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(values[name] ?? ''),
    )
  }

  /** Calls the broker; rejects for an error, and for an answer of another form. */
  async #call<Answer>(
    schema: z.ZodType<Answer>,
    method: 'GET' | 'POST' | 'PUT',
    href: string,
    body?: unknown,
  ): Promise<Answer> {
    const url = new URL(href, this.#index)
    // The credentials are for the broker alone.
    if (url.origin !== this.#index.origin)
      throw new Error(`The Pact broker links to ${url.origin}, which is not called`)
    const response = await request(url, {
      method,
      headers: {
        accept: 'application/hal+json, application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(this.#authorization && { authorization: this.#authorization }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    })
    const bytes = Buffer.from(await response.body.arrayBuffer())
    const answered = `The Pact broker answered ${method} ${url.pathname} with`
    if (response.statusCode >= 300)
      throw new Error(`${answered} ${response.statusCode}: ${bytes.toString()}`)
    const parsed = schema.safeParse(parseJson(bytes))
    if (parsed.success) return parsed.data
    throw new Error(
      `${answered} something else than its API has. Check --broker-url.\n${z.prettifyError(parsed.error)}`,
    )
  }
}

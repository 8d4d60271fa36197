import type { IncomingMessage, ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import { isRecord } from '@sendbox/schema'
import { startLoopbackServer } from '../src/loopback-server.ts'

/** A pact that the stub has. */
export interface StubPact {
  readonly consumer: string
  /** The pact file, parsed. */
  readonly file: Readonly<Record<string, unknown>>
  /** Whether it is pending for a branch. @default false */
  readonly isPending?: boolean
}

/** A Pact broker with the part of its API that a provider needs. */
export interface BrokerStub extends AsyncDisposable {
  readonly url: string
  /** The bodies that were written to it, in order. */
  readonly written: readonly unknown[]
}

type Answer = readonly [status: number, body: unknown]

const selectorKeys = ['mainBranch', 'deployedOrReleased'] as const

/** A body that a broker refuses: selectors with other values than `true`, or pending pacts without a branch. */
function findWrongQuery(body: unknown): string | undefined {
  if (!isRecord(body) || !Array.isArray(body['consumerVersionSelectors']))
    return 'consumerVersionSelectors is missing'
  const areKnown = body['consumerVersionSelectors'].every(
    selector =>
      isRecord(selector) &&
      selectorKeys.some(key => selector[key] === true) &&
      Object.keys(selector).length === 1,
  )
  if (!areKnown) return 'a selector is not known'
  const isPendingWanted = body['includePendingStatus'] === true
  return isPendingWanted && !body['providerVersionBranch']
    ? 'includePendingStatus needs providerVersionBranch'
    : undefined
}

/** Starts a broker that has some pacts of the provider `send-api`; `authorization` is what it accepts. */
export async function startBrokerStub(
  pacts: readonly StubPact[],
  {
    authorization = 'Bearer hush-token',
    origin,
  }: {
    readonly authorization?: string
    /** Of the links to pacts. @default its own */
    readonly origin?: string
  } = {},
): Promise<BrokerStub> {
  const written: unknown[] = []

  const toPact = ({ consumer, file }: StubPact, base: string) => ({
    ...file,
    createdAt: '2026-11-28T00:00:00+00:00',
    _links: {
      self: { href: `${base}/pacts/provider/send-api/consumer/${consumer}/pact-version/1` },
      'pb:provider': { href: `${base}/pacticipants/send-api`, name: 'send-api' },
      'pb:publish-verification-results': {
        href: `${base}/pacts/provider/send-api/consumer/${consumer}/pact-version/1/verification-results`,
      },
    },
  })

  const listPacts = (body: unknown, base: string): Answer => {
    const wrong = findWrongQuery(body)
    if (wrong !== undefined) return [400, { errors: [wrong] }]
    const isPendingWanted = isRecord(body) && body['includePendingStatus'] === true
    return [
      200,
      {
        _embedded: {
          pacts: pacts.map(pact => ({
            shortDescription: 'latest from main branch',
            ...(isPendingWanted && {
              verificationProperties: { pending: pact.isPending ?? false, notices: [] },
            }),
            _links: {
              self: {
                href: `${origin ?? base}/pacts/provider/send-api/consumer/${pact.consumer}/pact-version/1`,
              },
            },
          })),
        },
      },
    ]
  }

  const publish = (consumer: string, body: unknown): Answer => {
    const isWhole =
      isRecord(body) &&
      typeof body['success'] === 'boolean' &&
      typeof body['providerApplicationVersion'] === 'string' &&
      body['providerApplicationVersion'] !== ''
    if (!isWhole) return [400, { errors: ['success and providerApplicationVersion are needed'] }]
    written.push({ consumer, ...body })
    return [201, {}]
  }

  const answer = async (request: IncomingMessage, base: string): Promise<Answer> => {
    const { method = '', url = '' } = request
    // A broker or a proxy before it may echo what it refuses.
    if (request.headers.authorization !== authorization)
      return [401, { error: `refused: ${request.headers.authorization}` }]
    const body = method === 'GET' ? undefined : await json(request)
    if (method === 'GET' && url === '/')
      return [
        200,
        {
          _links: {
            'pb:provider-pacts-for-verification': {
              href: `${base}/pacts/provider/{provider}/for-verification`,
              templated: true,
            },
          },
        },
      ]
    if (method === 'POST' && url === '/pacts/provider/send-api/for-verification')
      return listPacts(body, base)
    if (method === 'POST' && url === '/pacts/provider/nobody/for-verification')
      return [200, { _embedded: { pacts: [] } }]
    if (method === 'GET' && url === '/pacticipants/send-api')
      return [
        200,
        {
          _links: {
            'pb:branch-version': {
              href: `${base}/pacticipants/send-api/branches/{branch}/versions/{version}`,
              templated: true,
            },
          },
        },
      ]
    const [, branch, version] =
      /^\/pacticipants\/send-api\/branches\/([^/]+)\/versions\/([^/]+)$/.exec(url) ?? []
    if (method === 'PUT' && branch && version) {
      written.push({ branch: decodeURIComponent(branch), version: decodeURIComponent(version) })
      return [201, {}]
    }
    const [, consumer, results] =
      /^\/pacts\/provider\/send-api\/consumer\/([^/]+)\/pact-version\/1(\/verification-results)?$/.exec(
        url,
      ) ?? []
    const pact = pacts.find(known => known.consumer === consumer)
    if (pact && method === 'GET' && !results) return [200, toPact(pact, base)]
    if (pact && method === 'POST' && results) return publish(pact.consumer, body)
    return [404, { error: `${method} ${url}` }]
  }

  const server = await startLoopbackServer(
    async (request: IncomingMessage, response: ServerResponse) => {
      const [status, body] = await answer(request, server.url)
      response.writeHead(status, { 'content-type': 'application/hal+json;charset=utf-8' })
      response.end(JSON.stringify(body))
    },
  )
  return {
    url: server.url,
    written,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

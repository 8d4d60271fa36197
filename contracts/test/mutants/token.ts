import type { Mutant, MutantCall, Wrapper } from './mutant.ts'

const accountIdOf = ({ request }: MutantCall): string =>
  /\/api\/account\/([^/]+)\//.exec(request.path)?.[1] ?? ''

/** Both tokens of the consumer who opened the last conversation. */
async function ownTokens(call: MutantCall, consumer: string) {
  const { appJwt, consumerJws } = await call.server.account(accountIdOf(call)).tokens(consumer)
  return { appJwt, consumerJws }
}

type TokenHeader = 'authorization' | 'x-lp-on-behalf'

/** Replaces an invalid token by a valid one. */
const trusting =
  (header: TokenHeader, isTrusted: (token: string | undefined) => boolean) =>
  (): Wrapper =>
  async call => {
    const token = call.request.headers[header]
    if (!isTrusted(token) || !call.request.path.includes('/messaging/')) return call.forward()
    const own = await ownTokens(call, 'consumer-test')
    const good = header === 'authorization' ? own.appJwt : own.consumerJws
    return call.forward({ headers: { [header]: good } })
  }

const claimsOf = (token = ''): Record<string, unknown> => {
  try {
    const text = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

const isForeign = (token: string | undefined): boolean =>
  [claimsOf(token)['aud'], claimsOf(token)['account_id']].some(
    account => account === 'trace-foreign-account',
  )

const isStranger = (token: string | undefined): boolean =>
  String(claimsOf(token)['ext_consumer_id']).startsWith('stranger')

/** Accepts tokens that must be refused. */
export const tokenMutants: readonly Mutant[] = [
  {
    name: 'takes calls without an AppJWT',
    rules: ['AUTH-6'],
    create: trusting('authorization', token => token === undefined),
  },
  {
    name: 'takes a broken AppJWT',
    rules: ['AUTH-6'],
    create: trusting('authorization', token => token === 'broken'),
  },
  {
    name: 'takes calls without a ConsumerJWS',
    rules: ['AUTH-6'],
    create: trusting('x-lp-on-behalf', token => token === undefined),
  },
  {
    name: 'takes a broken ConsumerJWS',
    rules: ['AUTH-6'],
    create: trusting('x-lp-on-behalf', token => token === 'broken'),
  },
  {
    name: 'takes the AppJWT of another account',
    rules: ['AUTH-10'],
    create: trusting('authorization', isForeign),
  },
  {
    name: 'takes the ConsumerJWS of another account',
    rules: ['AUTH-10'],
    create: trusting('x-lp-on-behalf', isForeign),
  },
  {
    name: 'lets a consumer into the conversation of another one',
    rules: ['AUTH-9.1'],
    create: trusting('x-lp-on-behalf', isStranger),
  },
  {
    name: 'wants Bearer before an AppJWT',
    rules: ['AUTH-1.1'],
    create: () => call =>
      call.request.path.includes('/messaging/') &&
      !call.request.headers['authorization']?.startsWith('Bearer ')
        ? call.forward({ headers: { authorization: 'refused' } })
        : call.forward(),
  },
]

import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { createApp } from '@sendbox/mock-server'
import { createLog } from '../../../packages/mock-server/src/cli/log.ts'
import { clientSecret, dialogIds, type FuzzTokens } from './input.ts'

/** A stream that nobody reads takes no more bytes than this: the log is read as a whole. */
const maxLogBytes = 2 ** 26

/** Puts itself before the mock; it may break it, to show that a run notices. */
export type Sabotage = (
  app: RequestListener,
  tokens: FuzzTokens,
  writeLog: (line: string) => void,
) => RequestListener

/** A mock behind a server of the test's own. */
export interface FuzzTarget extends AsyncDisposable {
  readonly url: string
  readonly tokens: FuzzTokens
  /** The lines of the mock's log since the last call, as the command writes them. */
  readLog(): string[]
  /** The numbers that the mock says it has given in the conversation of a dialog, and how many entries it keeps. */
  counted(dialogId: string): Promise<{ readonly next: number; readonly kept: number }>
}

const accountId = '12345678'
const jsonHeaders = { 'Content-Type': 'application/json' }

async function ask(url: string, init?: RequestInit): Promise<Record<string, unknown>> {
  const response = await fetch(url, init)
  const json = (await response.json()) as Record<string, unknown>
  if (!response.ok) throw new Error(`${url}: ${response.status} ${JSON.stringify(json)}`)
  return json
}

/** Both tokens of a consumer. */
async function tokensOf(url: string, account: string, consumer: string) {
  const secret = account === accountId ? clientSecret : 'sendbox-secret'
  const query = `grant_type=client_credentials&client_id=sendbox-client&client_secret=${secret}`
  const app = await ask(`${url}/sentinel/api/account/${account}/app/token?${query}`, {
    method: 'POST',
  })
  const appJwt = String(app['access_token'])
  const { token } = await ask(`${url}/api/account/${account}/consumer`, {
    method: 'POST',
    headers: { ...jsonHeaders, Authorization: appJwt },
    body: JSON.stringify({ ext_consumer_id: consumer }),
  })
  return { appJwt, consumerJws: String(token) }
}

const withHeader = (token: string, header: object): string =>
  [Buffer.from(JSON.stringify(header)).toString('base64url'), ...token.split('.').slice(1)].join(
    '.',
  )

async function toTokens(url: string): Promise<FuzzTokens> {
  const own = await tokensOf(url, accountId, 'zoe')
  const foreign = await tokensOf(url, '87654321', 'zoe')
  const spoil = (token: string, other: string) => ({
    good: token,
    foreign: other,
    cut: token.slice(0, -5),
    unsigned: `${withHeader(token, { alg: 'none', typ: 'JWT' }).split('.').slice(0, 2).join('.')}.`,
    hs256: withHeader(token, { alg: 'HS256', typ: 'JWT' }),
    empty: '',
    long: `${token}${'A'.repeat(5000)}`,
    words: '__proto__',
  })
  return {
    appJwt: {
      ...spoil(own.appJwt, foreign.appJwt),
      swapped: own.consumerJws,
      twice: `${own.appJwt}, ${own.appJwt}`,
    },
    consumerJws: { ...spoil(own.consumerJws, foreign.consumerJws), swapped: own.appJwt },
  }
}

/** Opens the two conversations that inputs speak of, under ids that the mock makes up. */
async function openDialogs(url: string, tokens: FuzzTokens): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const dialogId of dialogIds.slice(0, 2)) {
    const answers = await ask(
      `${url}/api/account/${accountId}/messaging/consumer/conversation?v=3`,
      {
        method: 'POST',
        headers: {
          ...jsonHeaders,
          Authorization: tokens.appJwt['good'] ?? '',
          'X-LP-ON-BEHALF': tokens.consumerJws['good'] ?? '',
        },
        body: JSON.stringify([
          { id: '1', type: 'userprofile.SetUserProfile', body: {} },
          { id: '2', type: 'cm.ConsumerRequestConversation', body: { brandId: accountId } },
        ]),
      },
    )
    const [, opened] = answers as unknown as { body: { conversationId: string } }[]
    ids.set(dialogId, opened?.body.conversationId ?? '')
  }
  return ids
}

/** Starts a mock with two open conversations of one consumer; ids are made up from a seed. */
export async function startTarget(
  sabotage: Sabotage = app => app,
): Promise<FuzzTarget & { readonly ids: ReadonlyMap<string, string> }> {
  const output = Object.assign(new PassThrough({ highWaterMark: maxLogBytes }), { isTTY: false })
  let listener: RequestListener = createApp({
    log: createLog('debug', output),
    accounts: { [accountId]: { installs: [{ clientSecret }] } },
    seed: 'fuzz',
    settings: { secondConversation: 'allow' },
    reportError: () => {},
  })
  const server = createServer((request, response) => listener(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const tokens = await toTokens(url)
  const ids = await openDialogs(url, tokens)
  listener = sabotage(listener, tokens, line => void output.write(line))
  return {
    url,
    tokens,
    ids,
    readLog: () => String(output.read() ?? '').split('\n'),
    counted: async dialogId => {
      const path = `/__sendbox/accounts/${accountId}/conversations/${ids.get(dialogId)}`
      const { dialogs } = (await ask(`${url}${path}`)) as {
        dialogs: { nextSequence: number; transcript: unknown[] }[]
      }
      const [main] = dialogs
      return { next: main?.nextSequence ?? 0, kept: main?.transcript.length ?? 0 }
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

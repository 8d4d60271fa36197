import { Agent, request } from 'node:http'
import {
  AppTokenResponseSchema,
  ConsumerResponseSchema,
  operations,
  PublishEventResponseSchema,
  toPath,
} from '@sendbox/schema'
import { decodeJwt } from 'jose'
import { expect, onTestFinished, test } from 'vitest'
import { type AccountsInput, startMockServer } from '../../../src/index.ts'
import { text } from '../consumer-session.ts'

const count = 100
const indices = Array.from({ length: count }, (_, index) => index)
const accountIds = indices.map(index => `account-${index}`)

/** Every second account is declared, with a client and a secret of its own. */
const accounts: AccountsInput = Object.fromEntries(
  accountIds
    .filter((_, index) => index % 2 === 0)
    .map(id => [id, { installs: [{ clientId: `client of ${id}`, clientSecret: `secret ${id}` }] }]),
)

/** Calls with at most 250 connections, so that several calls of each account are in flight concurrently. */
function createPost(serverUrl: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 250 })
  onTestFinished(() => agent.destroy())
  return (path: string, headers: Record<string, string>, body: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const call = request(`${serverUrl}${path}`, { method: 'POST', agent, headers }, answer => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())))
      })
      call.on('error', reject)
      call.end(body)
    })
}

const json = { 'Content-Type': 'application/json' }
const form = { 'Content-Type': 'application/x-www-form-urlencoded' }

test('100 accounts with 100 texts each in parallel never see each other', async () => {
  await using server = await startMockServer({ accounts })
  const post = createPost(server.url)
  const pathOf = (id: 'appToken' | 'consumer' | 'send', accountId: string) =>
    `${toPath(operations[id].path, { accountId })}?${new URLSearchParams(operations[id].query).toString()}`

  /** The same consumer and the same conversation id in each account. */
  const enter = async (accountId: string) => {
    const { clientId, clientSecret, conversations } = server.account(accountId)
    const credentials = new URLSearchParams({ client_id: clientId, client_secret: clientSecret })
    const app = await post(pathOf('appToken', accountId), form, credentials.toString())
    const { access_token } = AppTokenResponseSchema.parse(app)
    const signed = await post(
      pathOf('consumer', accountId),
      { ...json, Authorization: access_token },
      '{"ext_consumer_id":"zoe"}',
    )
    const { token } = ConsumerResponseSchema.parse(signed)
    await conversations.open('zoe', 'conversation-1')
    return { accountId, headers: { ...json, Authorization: access_token, 'X-LP-ON-BEHALF': token } }
  }
  const entered = await Promise.all(accountIds.map(enter))
  expect(entered.map(({ headers }) => decodeJwt(headers.Authorization)['azp'])).toEqual(
    indices.map(index => (index % 2 === 0 ? `client of account-${index}` : 'sendbox-client')),
  )

  const send = async (index: number, { accountId, headers }: (typeof entered)[number]) => {
    const message = `text ${index} of ${accountId}`
    const body = { dialogId: 'conversation-1', event: text(message) }
    const call = JSON.stringify({ id: index, type: 'ms.PublishEvent', body })
    const answer = await post(pathOf('send', accountId), headers, call)
    return { accountId, message, ...PublishEventResponseSchema.parse(answer).body }
  }
  const sent = await Promise.all(
    indices.flatMap(index => entered.map(account => send(index, account))),
  )

  for (const accountId of accountIds) {
    const views = await server.account(accountId).conversations.list()
    const transcript = views.flatMap(({ dialogs }) => dialogs.flatMap(dialog => dialog.transcript))
    const own = sent
      .filter(answer => answer.accountId === accountId)
      .toSorted((a, b) => a.sequence - b.sequence)
    expect(transcript.map(({ sequence }) => sequence)).toEqual(indices)
    expect(transcript.map(({ sequence, event }) => ({ sequence, event }))).toEqual(
      own.map(({ sequence, message }) => ({ sequence, event: text(message) })),
    )
    expect(new Set(own.map(({ message }) => message)).size).toBe(count)
  }
}, 60_000)

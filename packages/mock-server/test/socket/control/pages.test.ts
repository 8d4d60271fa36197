import { expect, onTestFinished, test } from 'vitest'
import { connectMockServer } from '../../../src/control.ts'
import { startMockServer } from '../../../src/index.ts'
import { startWebhookReceiver } from '../../webhook-receiver.ts'

async function start() {
  const server = await startMockServer()
  onTestFinished(() => server.close())
  const { accountId } = server.account()
  const base = `${server.url}/__sendbox/accounts/${accountId}`
  /** All pages from a call on, by their `Link`. */
  const pagesOf = async <Body>(path: string, root = base): Promise<Body[]> => {
    const pages: Body[] = []
    let next: string | undefined = `${root}${path}`
    while (next !== undefined && pages.length < 20) {
      const response: Response = await fetch(next)
      pages.push((await response.json()) as Body)
      const link = /^<(.+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1]
      next = link === undefined ? undefined : server.url + link
    }
    return pages
  }
  return { server, account: server.account(), accountId, base, pagesOf }
}

type Requests = { readonly requests: readonly { readonly id: number }[] }

const idsOf = ({ requests }: Requests): string =>
  `${requests[0]?.id ?? ''}-${requests.at(-1)?.id ?? ''}`

test('requests come in pages of 100, the newest first and newest last, each with a link to older ones', async () => {
  const { server, account, accountId, base, pagesOf } = await start()
  const call = `${server.url}/api/account/${accountId}/service/baseURI.json?version=1.0`
  for (let index = 0; index < 250; index += 1) await fetch(call)
  expect((await pagesOf<Requests>('/requests')).map(idsOf)).toEqual(['151-250', '51-150', '1-50'])
  expect((await pagesOf<Requests>('/requests?limit=125&operation=baseUris')).map(idsOf)).toEqual([
    '126-250',
    '1-125',
  ])
  expect((await pagesOf<Requests>('/requests?after=10&limit=120')).map(idsOf)).toEqual([
    '11-130',
    '131-250',
  ])
  expect((await pagesOf<Requests>('/requests?before=1')).map(idsOf)).toEqual(['-'])
  expect(account.requests.list()).toHaveLength(250)

  const refused = await fetch(`${base}/requests?limit=1001`)
  expect([refused.status, await refused.text()]).toEqual([
    400,
    expect.stringContaining('/limit: expected at most 1000'),
  ])
})

test('deliveries come in pages too', async () => {
  const { account, base, pagesOf } = await start()
  await using receiver = await startWebhookReceiver()
  account.webhooks.register({
    'ms.MessagingEventNotification.ContentEvent': { endpoint: receiver.url },
  })
  const { conversationId } = await account.conversations.open('zoe')
  const agent = account.agent(conversationId)
  for (let index = 0; index < 120; index += 1) await agent.say('hi')
  await account.webhooks.idle()
  const pages = await pagesOf<{ deliveries: { deliveryId: string }[] }>('/webhooks')
  expect(
    pages.map(({ deliveries }) => [
      deliveries[0]?.deliveryId,
      deliveries.at(-1)?.deliveryId,
      deliveries.length,
    ]),
  ).toEqual([
    ['delivery-21', 'delivery-120', 100],
    ['delivery-1', 'delivery-20', 20],
  ])
  expect((await fetch(`${base}/webhooks?before=x`)).status).toBe(400)
})

test('the client of the control API reads all pages', async () => {
  const { server, account, accountId } = await start()
  const remote = connectMockServer(server.url)
  onTestFinished(() => remote.close())
  const call = `${server.url}/api/account/${accountId}/service/baseURI.json?version=1.0`
  for (let batch = 0; batch < 21; batch += 1)
    await Promise.all(Array.from({ length: 50 }, () => fetch(call)))
  const { requests } = remote.account(accountId)
  const ids = async (query?: Parameters<typeof requests.list>[0]) =>
    (await requests.list(query)).map(({ id }) => id)
  const all = account.requests.list().map(({ id }) => id)
  expect(all).toHaveLength(1050)
  expect(await ids()).toEqual(all)
  expect(await ids({ after: 20 })).toEqual(all.slice(20))
  expect(await ids({ after: 20, limit: 1005 })).toEqual(all.slice(20, 1025))
  expect(await ids({ limit: 1010 })).toEqual(all.slice(-1010))
})

type Conversations = readonly { readonly conversationId: string }[]

const idsIn = (conversations: Conversations): string =>
  conversations.map(({ conversationId }) => conversationId).join(' ')

test('conversations come in pages, newest first, that stay as they are while others open', async () => {
  const { account, base, pagesOf } = await start()
  for (let index = 1; index <= 102; index += 1) await account.conversations.open('zoe', `c${index}`)
  const pages = await pagesOf<Conversations>('/conversations')
  expect(pages.map(page => [page[0]?.conversationId, page.at(-1)?.conversationId])).toEqual([
    ['c102', 'c3'],
    ['c2', 'c1'],
  ])
  const first = await fetch(`${base}/conversations?limit=51`)
  const link = /\?(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1]
  expect(link).toBe('limit=51&before=c52')
  await account.conversations.open('zoe', 'c103')
  const [next = [], ...more] = await pagesOf<Conversations>(`/conversations?${link}`)
  expect([next[0]?.conversationId, next.at(-1)?.conversationId, more]).toEqual(['c51', 'c1', []])
  expect(idsIn(await account.conversations.list({ limit: 2 }))).toBe('c103 c102')
})

test('conversations are listed by consumer, state, skill and time, and so are their further pages', async () => {
  const { server, account, accountId, base, pagesOf } = await start()
  const remote = connectMockServer(server.url)
  onTestFinished(() => remote.close())
  const { conversations, clock, agent } = account
  clock.freeze()
  const consumers = ['zoe', 'yan', 'zoe', 'zoe', 'yan']
  for (const [index, consumer] of consumers.entries()) {
    await conversations.open(consumer, `c${index}`)
    await clock.advance(1000)
  }
  await agent('c0').transfer({ skillId: '7' })
  await agent('c2').transfer({ skillId: '7' })
  await agent('c1').close()
  await agent('c3').startSurvey()
  const { openedAt, consumerId } = (await conversations.get('c2')) ?? {
    openedAt: 0,
    consumerId: '',
  }
  const cases = [
    [{ consumer: 'zoe' }, 'c3 c2 c0'],
    [{ consumer: consumerId }, 'c3 c2 c0'],
    [{ consumer: 'nobody' }, ''],
    [{ state: 'OPEN' }, 'c4 c2 c0'],
    [{ state: 'CLOSE' }, 'c3 c1'],
    [{ skill: '7' }, 'c2 c0'],
    [{ since: openedAt }, 'c4 c3 c2'],
    [{ since: openedAt + 1, consumer: 'yan' }, 'c4'],
    [{ before: 'c2' }, 'c1 c0'],
    [{ before: 'c4', consumer: 'zoe', state: 'OPEN', limit: 1 }, 'c2'],
  ] as const
  for (const [query, expected] of cases) {
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries(query)) search.set(name, String(value))
    const response = await fetch(`${base}/conversations?${search.toString()}`)
    expect([
      idsIn((await response.json()) as Conversations),
      idsIn(await conversations.list(query)),
      idsIn(await remote.account(accountId).conversations.list(query)),
    ]).toEqual([expected, expected, expected])
  }
  const pages = await pagesOf<Conversations>('/conversations?consumer=zoe&limit=1')
  expect(pages.map(idsIn)).toEqual(['c3', 'c2', 'c0'])
})

test('a list of conversations refuses what it does not know', async () => {
  const { server, account, accountId, base } = await start()
  const remote = connectMockServer(server.url)
  onTestFinished(() => remote.close())
  const refusals = await Promise.all(
    ['user=zoe', 'state=open', 'limit=0', 'limit=1001', 'since=soon', 'before=none'].map(
      async query => (await fetch(`${base}/conversations?${query}`)).status,
    ),
  )
  expect(refusals).toEqual([400, 400, 400, 400, 400, 404])
  const unknown = { user: 'zoe' } as object
  await expect(account.conversations.list(unknown)).rejects.toThrow(TypeError)
  await expect(remote.account(accountId).conversations.list(unknown)).rejects.toThrow('400')
  const gone = { before: 'none' }
  await expect(account.conversations.list(gone)).rejects.toThrow(
    new RangeError(`Account ${accountId} has no conversation none`),
  )
  await expect(remote.account(accountId).conversations.list(gone)).rejects.toThrow('404')
})

test('the client of the control API reads all conversations', async () => {
  const { server, account, accountId } = await start()
  const remote = connectMockServer(server.url)
  onTestFinished(() => remote.close())
  for (let index = 0; index < 1001; index += 1) await account.conversations.open('zoe', `c${index}`)
  const { conversations } = remote.account(accountId)
  const all = Array.from({ length: 1001 }, (_, index) => `c${1000 - index}`).join(' ')
  expect(idsIn(await conversations.list())).toBe(all)
  expect(idsIn(await account.conversations.list())).toBe(all)
  expect(await conversations.list({ limit: 1000 })).toHaveLength(1000)
})

test('accounts come in pages by their ids, and a refused reset of all names the first 100', async () => {
  const { server, pagesOf } = await start()
  const names = Array.from({ length: 250 }, (_, index) => `account-${1000 + index}`)
  for (const name of names) await server.account(name).conversations.open('zoe')
  const root = `${server.url}/__sendbox/accounts`
  const idsOfPages = async (path: string) =>
    (await pagesOf<{ accountId: string }[]>(path, root)).map(page =>
      page.map(({ accountId }) => accountId),
    )
  expect(await idsOfPages('')).toEqual([
    names.slice(0, 100),
    names.slice(100, 200),
    names.slice(200),
  ])
  expect(await idsOfPages('?limit=150&after=account-1009')).toEqual([
    names.slice(10, 160),
    names.slice(160),
  ])
  expect(await idsOfPages('?after=account-1249')).toEqual([[]])
  const refused = await fetch(`${server.url}/__sendbox/reset`, { method: 'POST' })
  expect([refused.status, await refused.json()]).toMatchObject([
    409,
    { details: expect.stringMatching(/^250 accounts are active/), accounts: names.slice(0, 100) },
  ])
})

test('profiles come in pages by their consumers', async () => {
  const { account, pagesOf } = await start()
  const consumers = Array.from({ length: 120 }, (_, index) => `consumer-${index}`)
  await account.loadScenario({
    conversations: consumers.map(consumer => ({
      consumer,
      profile: { firstName: consumer },
      events: [],
    })),
  })
  const pages = await pagesOf<{ consumerId: string; profile: { firstName: string } }[]>('/profiles')
  expect(pages.map(({ length }) => length)).toEqual([100, 20])
  const ids = pages.flat().map(({ consumerId }) => consumerId)
  expect(ids).toEqual(ids.toSorted())
  const shown = pages.flat().map(({ profile }) => profile.firstName)
  expect(shown.toSorted()).toEqual(consumers.toSorted())
})

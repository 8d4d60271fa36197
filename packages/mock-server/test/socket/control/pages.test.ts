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
  const pagesOf = async <Body>(path: string): Promise<Body[]> => {
    const pages: Body[] = []
    let next: string | undefined = `${base}${path}`
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

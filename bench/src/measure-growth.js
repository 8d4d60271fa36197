import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startMockServer } from '../../packages/mock-server/dist/index.js'
import { createFolder } from './create-folder.js'
import { load } from './load.js'
import { median } from './median.js'
import { accountId, fetchTokens, openConversation, sendPath, toSendBody } from './send-call.js'

const sends = 2000

/** How long the system may write back what was written before, in ms. */
const settleMs = 5000

/** The cost of one send in µs, server and load generator in one process: only how it changes says something. */
async function costOfSend(url, call, rounds) {
  const costs = []
  await delay(settleMs)
  await load({ url, call, connections: 10, amount: sends })
  for (let round = 0; round < rounds; round += 1) {
    const { elapsedMs } = await load({ url, call, connections: 10, amount: sends })
    costs.push((elapsedMs * 1000) / sends)
  }
  return median(costs)
}

const timeOf = (work, rounds) => {
  const times = []
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now()
    work()
    times.push(performance.now() - startedAt)
  }
  return median(times)
}

async function withServer(options, measure) {
  const server = await startMockServer(options)
  try {
    const tokens = await fetchTokens(server.url)
    const headers = { 'content-type': 'application/json', ...tokens }
    const toCall = id => ({ path: sendPath, headers, body: JSON.stringify(toSendBody(id)) })
    const id = await openConversation(server.url, tokens)
    await load({ url: server.url, call: toCall(id), amount: 10_000 })
    return await measure({ server, call: toCall(id), account: server.account(accountId), id })
  } finally {
    await server.close()
  }
}

/** The transcript keeps all, so that it grows as far as is asked. */
const growMessages = (options, counts, rounds) =>
  withServer({ ...options, settings: { transcriptEntries: null } }, async context => {
    const { server, call, account, id } = context
    const agent = account.agent(id)
    await agent.join()
    const points = []
    let messages = 10_000
    for (const count of counts) {
      for (; messages < count; messages += 1) await agent.say('Hello from an agent')
      points.push({ count: messages, sendMicroseconds: await costOfSend(server.url, call, rounds) })
      messages += (rounds + 1) * sends
    }
    return points
  })

const growConversations = (options, counts, rounds) =>
  withServer(options, async ({ server, call, account }) => {
    const points = []
    let conversations = 1
    for (const count of counts) {
      for (; conversations < count; conversations += 1)
        await account.conversations.open(`consumer-${conversations}`)
      points.push({
        count: conversations,
        sendMicroseconds: await costOfSend(server.url, call, rounds),
      })
    }
    return points
  })

const queryJournal = rounds =>
  withServer({}, async ({ account, id }) => {
    const { requests } = account
    requests.list({ limit: 1 })
    return [
      ['all of one conversation, the newest 100', { conversationId: id, limit: 100 }],
      ['by type and status, the newest 100', { type: 'ms.PublishEvent', status: 200, limit: 100 }],
      ['what matches nothing', { conversationId: 'none' }],
      ['all 10,000', {}],
    ].map(([query, match]) => ({ query, ms: timeOf(() => requests.list(match), rounds) }))
  })

/** How much the cost changes from the first to the last point, as a share of the first. */
const toSlope = points => points.at(-1).sendMicroseconds / points[0].sendMicroseconds - 1

/** One send with few and many messages and conversations, in memory and with a data folder; queries on a full journal. */
export async function measureGrowth({ rounds, isQuick, say }) {
  const messages = isQuick ? [1, 20_000] : [1, 100_000, 1_000_000]
  const conversations = isQuick ? [1, 1000] : [1, 10_000, 100_000]
  const curves = []
  for (const place of ['memory', 'data folder']) {
    const folder = createFolder()
    const optionsFor = name => (place === 'memory' ? {} : { data: join(folder, name) })
    const upTo = place === 'memory' ? messages : messages.slice(0, 2)
    const conversationsUpTo = place === 'memory' ? conversations : conversations.slice(0, 2)
    for (const [grows, points] of [
      ['messages', await growMessages(optionsFor('messages'), upTo, rounds)],
      [
        'conversations',
        await growConversations(optionsFor('conversations'), conversationsUpTo, rounds),
      ],
    ]) {
      curves.push({ grows, place, points, change: toSlope(points) })
      say(`${grows}, ${place}: ${JSON.stringify(curves.at(-1))}`)
    }
  }
  return { curves, journal: await queryJournal(rounds) }
}

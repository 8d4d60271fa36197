import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { connectMockServer } from '@sendbox/mock-server/control'
import { webhookEventTypes } from '@sendbox/schema'
import { test } from 'vitest'
import { startRun } from './run-under.ts'

/** Starts a connector, with not a line for the mock, under `sendbox run`; a shell prints where the mock is, for the test. */
async function startConnector(name: string) {
  const run = await startRun([
    'sh',
    '-c',
    'echo "$SENDBOX_URL" && exec "$0" "$@"',
    process.execPath,
    fileURLToPath(new URL(`connectors/${name}.js`, import.meta.url)),
  ])
  const lines = createInterface({ input: run.child.stdout })[Symbol.asyncIterator]()
  const nextLine = async (): Promise<string> => {
    const { value } = await lines.next()
    if (value === undefined) await run.ended
    return String(value)
  }
  const mock = connectMockServer(await nextLine())
  const url = await nextLine()
  return {
    run,
    nextLine,
    account: mock.account(),
    webhooksUrl: `${url}/webhooks`,
    post: async (path: string, body: object = {}) =>
      (await fetch(url + path, { method: 'POST', body: JSON.stringify(body) })).status,
    [Symbol.asyncDispose]: async () => {
      await mock.close()
      await run[Symbol.asyncDispose]()
    },
  }
}

test.concurrent.for([
  {
    name: 'by-request-id',
    calls: 'baseUris appToken consumer conversation send send',
    last: 'the conversation is closed',
  },
  {
    name: 'from-browser',
    // COMPOSING, the text, the place of the file, its preflight, itself, its message, the receipt, the close.
    calls:
      'baseUris agentLogin appInstalls appToken consumer conversation send send send OPTIONS upload send send send',
  },
  {
    name: 'by-position',
    calls: 'baseUri appToken baseUri consumer baseUri conversation send send send send',
    headers: [{ header_name: 'X-Connector', header_value: 'by-position' }],
  },
])(
  'the connector $name runs unchanged from the first look-up to the close',
  async ({ name, calls, headers, last }, { expect }) => {
    await using connector = await startConnector(name)
    const { account, run, nextLine, post } = connector
    const endpoint = connector.webhooksUrl
    const webhook = { endpoint, ...(headers && { headers }) }
    await account.webhooks.register(
      Object.fromEntries(webhookEventTypes.map(type => [type, webhook])),
    )
    expect(await post('/messages', { text: 'Hello' })).toBe(200)
    const [conversation] = await account.conversations.list()
    await account.agent(conversation?.conversationId ?? '').say('Hi Zoe')
    expect(await nextLine()).toBe('agent: Hi Zoe')
    await account.webhooks.idle()
    expect(await post('/end')).toBe(200)
    await account.webhooks.idle()
    if (last !== undefined) expect(await nextLine()).toBe(last)

    const requests = await account.requests.list()
    expect(requests.map(({ operation, method }) => operation ?? method).join(' ')).toBe(calls)
    expect(requests.filter(({ status = 0 }) => status >= 300)).toEqual([])
    expect(await account.conversations.list()).toMatchObject([{ stage: 'CLOSE' }])
    run.child.kill()
    expect((await run.ended).summary).toMatchObject({
      refused: [],
      misses: [],
      diagnostics: [],
    })
  },
)

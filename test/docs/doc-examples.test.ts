import * as client from '@sendbox/client'
import * as mockServer from '@sendbox/mock-server'
import * as control from '@sendbox/mock-server/control'
import * as schema from '@sendbox/schema'
import { describe, expect, test } from 'vitest'
import { collectExamples, type DocExample, readExamples, runExample } from './doc-examples.ts'

/** The packages whose examples are run, and the names that users type first: each has an example. */
const packages: Readonly<
  Record<string, { readonly exports: object; readonly firstTyped: readonly string[] }>
> = {
  'packages/schema': {
    exports: schema,
    firstTyped: [
      'parseSendRequest',
      'parseConversationBatch',
      'parseNotification',
      'checkLimits',
      'SendRequestSchema',
      'operations',
      'toPath',
      'ruleById',
      'errorCodes',
      'toInputProblems',
      'toJsonSchema',
      'signWebhook',
      'verifyWebhook',
      'fixtures',
      'arbitraries',
    ],
  },
  'packages/mock-server': {
    exports: { ...mockServer, ...control },
    firstTyped: [
      'startMockServer',
      'createApp',
      'MockServer.account',
      'MockAccount.conversations',
      'MockAccount.faults',
      'MockAccount.agent',
      'MockAccount.tokens',
      'MockAccount.snapshot',
      'MockAccount.restore',
      'MockAccount.reset',
      'connectMockServer',
      'RemoteMockServer.call',
      'AccountRequests.verify',
      'AccountRequests.waitFor',
      'Bot.script',
      'AccountClock.freeze',
      'AccountClock.advance',
      'test',
    ],
  },
  'packages/client': {
    exports: client,
    firstTyped: [
      'createClient',
      'Client.send',
      'Client.consumer',
      'Client.conversation',
      'Client.close',
      'Consumer.openConversation',
      'Consumer.setProfile',
      'Conversation.sendText',
      'Conversation.sendFile',
      'Conversation.setChatState',
      'Conversation.typing',
      'Conversation.read',
      'Conversation.replyToCard',
      'Conversation.rate',
      'Conversation.close',
      'createWebhookHandler',
      'WebhookHandler.handle',
      'WebhookHandler.fetch',
      'WebhookHandler.receive',
      'isClientError',
      'ApiError',
    ],
  },
}

/** Runs an example against a mock of its own, with the objects that examples take for granted. */
async function runInWorld(code: string, exports: object) {
  await using server = await mockServer.startMockServer()
  const account = server.account()
  const { accountId, clientId, clientSecret } = account
  await using sendApi = client.createClient({
    accountId,
    clientId,
    clientSecret,
    domainApiUrl: server.url,
  })
  const conversation = await sendApi.consumer('zoe').openConversation()
  await using webhooks = client.createWebhookHandler({ clientSecret, on: {}, onError: () => {} })
  return await runExample(code.replaceAll('http://127.0.0.1:4020', server.url), {
    ...exports,
    server,
    account,
    client: sendApi,
    conversation,
    webhooks,
  })
}

/** Whether an example calls `test`, which none can inside of a test. */
const registersTest = ({ code }: DocExample): boolean =>
  code.includes("'@sendbox/mock-server/vitest'")

describe.each(Object.entries(packages))('%s', async (folder, { exports, firstTyped }) => {
  const examples = await collectExamples(`${folder}/src`)

  test('each name that a user types first has an example', () => {
    const names = new Set(examples.map(({ name }) => name))
    expect(firstTyped.filter(name => !names.has(name))).toEqual([])
  })

  const running = examples.filter(example => !registersTest(example))

  test.each(running)('the example of $name runs, $place', async ({ code }) => {
    const { logged, promised } = await runInWorld(code, exports)
    expect(logged).toEqual(promised)
  })
})

// These examples register tests of their own, which vitest allows at the top of a file only.
for (const { code } of (await collectExamples('packages/mock-server/src')).filter(registersTest))
  await runExample(code, {})

const commented = (code: string, declaration: string): string =>
  `/**\n * Does it.\n *\n * @example\n * \`\`\`ts\n * ${code}\n * \`\`\`\n */\n${declaration}\n`

test('examples are found at functions, values, types, classes and their members', () => {
  const member = commented('f()', 'member(): void').replaceAll('\n', '\n  ')
  const sources = [
    commented('f()', 'export function f(): void {}'),
    commented('f()', 'export const value = 1'),
    commented('f()', 'export interface Thing {}'),
    commented('f()', 'export class Box {}'),
    `interface Thing {\n  ${member}}\n`,
    `export class Box {\n  ${member.replace('void', 'void {}')}}\n`,
  ]
  expect(sources.map(source => readExamples('a.ts', source).map(({ name }) => name))).toEqual([
    ['f'],
    ['value'],
    ['Thing'],
    ['Box'],
    ['Thing.member'],
    ['Box.member'],
  ])
})

test.each([
  ['nothing below it', commented('f()', '')],
  ['a declaration that is not exported', commented('f()', 'const value = 1')],
  ['no fence', commented('f()', 'export const value = 1').replace('```ts', '')],
])('an example with %s is an error that names its place', (_, source) => {
  expect(() => readExamples('a.ts', source)).toThrow('a.ts:1: an @example needs a fence')
})

test('an example that throws fails, and so does one whose output is another than it promises', async () => {
  await expect(runExample("throw new Error('broken')", {})).rejects.toThrow('broken')
  await expect(runExample('missing()', {})).rejects.toThrow('missing is not defined')
  expect(await runExample('console.log({ sum: 1 + a }) // { sum: 4 }', { a: 2 })).toEqual({
    logged: ['{ sum: 3 }'],
    promised: ['{ sum: 4 }'],
  })
})

test('an example may import, types included, and redeclare what it is given', async () => {
  const code = `import { basename as nameOf, type ParsedPath } from 'node:path'
const given: ParsedPath['base'] = nameOf('/a/b')
console.log(given) // b`
  expect(await runExample(code, { given: 1 })).toEqual({ logged: ['b'], promised: ['b'] })
})

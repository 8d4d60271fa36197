import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient } from '@sendbox/client'
import { startMockServer } from '@sendbox/mock-server'
import { expect, test } from 'vitest'
import { createTemporaryFolder } from '../temporary-folder.ts'
import { runContractsCommand, startContractsCommand } from './contracts-command.ts'
import { startStandIn } from './start.ts'
import { standInClient } from './tokens.ts'

interface Step {
  readonly title: string
  readonly rules: readonly string[]
  readonly evidence: string
  readonly problems?: readonly string[]
}

const readTrace = async (path: string): Promise<{ text: string; steps: Step[] }> => {
  const text = await readFile(path, 'utf8')
  return { text, ...(JSON.parse(text) as { steps: Step[] }) }
}

/** The usual calls of a connector. */
async function useAsConnector(
  domainApiUrl: string,
  credentials: { accountId: string; clientId: string; clientSecret: string },
): Promise<void> {
  await using client = createClient({ ...credentials, domainApiUrl })
  const conversation = await client.consumer('zoe').openConversation()
  await conversation.setChatState('COMPOSING')
  await conversation.sendText('Hello')
  await conversation.sendFile(Buffer.from([0x89, 0x50, 0xff]), { fileType: 'PNG' })
  await conversation.read([0])
  await conversation.close()
}

test('what passes to another service becomes a trace that replays against it and against the mock', async () => {
  await using standIn = await startStandIn()
  await using folder = await createTemporaryFolder()
  const record = ['record', '--port', '0', '--out', 'ordinary-day.json', '--target', standIn.url]
  const command = startContractsCommand(folder.path, record)
  const [, url = ''] = await command.waitFor(/use (http:\/\/127\.0\.0\.1:\d+) as/)
  await useAsConnector(url, standInClient)
  const partial = join(folder.path, 'ordinary-day.json.partial')
  const readKept = async () => (await readFile(partial, 'utf8')).trim().split('\n')
  // A step is written behind the answer to its call.
  await expect.poll(async () => (await readKept()).length).toBe(8)
  const kept = await readKept()
  expect([kept.length, kept.join('\n')]).toEqual([8, expect.not.stringMatching(/eyJ[\w-]{10,}/)])
  command.child.kill('SIGINT')
  const { exitCode, output } = await command.ended
  expect([exitCode, output]).toEqual([0, expect.stringContaining('ordinary-day.json, 8 steps.')])

  await expect(readFile(partial)).rejects.toThrow('ENOENT')
  const { text, steps } = await readTrace(join(folder.path, 'ordinary-day.json'))
  expect(steps.map(({ title }) => title)).toEqual([
    'A batch of 2',
    'ms.PublishEvent ChatStateEvent',
    'ms.PublishEvent ContentEvent',
    'ms.GenerateURLForUploadFile',
    'upload',
    'ms.PublishEvent ContentEvent',
    'ms.PublishEvent AcceptStatusEvent',
    'cm.UpdateConversationField ConversationStateField',
  ])
  expect(steps.flatMap(({ problems = [] }) => problems)).toEqual([])
  expect(new Set(steps.map(({ evidence }) => evidence))).toEqual(new Set(['recorded']))
  for (const secret of [/eyJ[\w-]{10,}/, standInClient.clientSecret, standInClient.accountId])
    expect(text).not.toMatch(secret)
  expect(text).not.toMatch(/"temp_url_sig": "|[\da-f]{8}-[\da-f]{4}-[\da-f]{4}/)

  const replay = ['replay', 'ordinary-day.json', '--yes', '--target']
  const atService = await runContractsCommand(folder.path, [...replay, standIn.url])
  expect([atService.exitCode, atService.output]).toEqual([
    0,
    expect.stringContaining('passed    trace ordinary-day\n'),
  ])
  const atMock = await runContractsCommand(folder.path, [...replay, 'mock'])
  expect([atMock.exitCode, atMock.output]).toEqual([
    0,
    expect.stringContaining('passed    trace ordinary-day\n'),
  ])
})

test('what passes to a mock names the rules of its answers, and what is wrong with a call', async () => {
  await using server = await startMockServer()
  await using folder = await createTemporaryFolder()
  const record = ['record', '--port', '0', '--out', 'with-rules.json', '--target', server.url]
  const command = startContractsCommand(folder.path, record)
  const [, url = ''] = await command.waitFor(/use (http:\/\/127\.0\.0\.1:\d+) as/)
  const { accountId, clientId, clientSecret } = server.account('99')
  await using client = createClient({ accountId, clientId, clientSecret, domainApiUrl: url })
  const conversation = await client.consumer('zoe').openConversation()
  await conversation.sendText('Hello')
  const { appJwt, consumerJws } = await server.account('99').tokens('zoe')
  const send = `${url}/api/account/99/messaging/consumer/conversation/send?v=3`
  await fetch(send, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: appJwt,
      'X-LP-ON-BEHALF': consumerJws,
    },
    body: '{"id":"1","type":"ms.PublishEvent","body":{"event":{}}}',
  })
  command.child.kill('SIGTERM')
  const { output } = await command.ended
  const { steps, text } = await readTrace(join(folder.path, 'with-rules.json'))
  expect(steps[1]?.rules).toEqual(expect.arrayContaining(['EP-1', 'SEQ-1', 'RES-3']))
  expect(steps[2]?.problems).toEqual(
    expect.arrayContaining([expect.stringMatching(/^request: \/body\/dialogId: /)]),
  )
  expect(output).toMatch(/\n400 ms\.PublishEvent\n {4}request: \/body\/dialogId: /)
  expect(text).not.toContain(appJwt)
})

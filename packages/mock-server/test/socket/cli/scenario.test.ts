import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { connectMockServer } from '../../../src/control.ts'
import { type RunningCommand, startCommand } from '../../command-terminal.ts'
import { createDataFolder } from '../../data-folder.ts'

// The command loads it when it starts, which the first test would have to wait for.
beforeAll(() => import('../../../src/cli/start/run-start.ts'))

const flags = ['start', '--port', '0', '--json']

const yaml = `# A conversation that waits for an answer.
accountId: shop
conversations:
  - consumer: zoe
    events:
      - { from: agent, action: say, text: How can I help? }
`

async function createFile(name: string, text: string) {
  const folder = await createDataFolder()
  const file = path.join(folder, name)
  await writeFile(file, text)
  return { folder, file }
}

/** The account that a command greets with, and the texts in it. */
async function readAccount(command: RunningCommand): Promise<unknown[]> {
  const { url, accountId } = JSON.parse(await command.firstLine) as Record<string, string>
  const account = connectMockServer(url ?? '').account(accountId)
  const views = await account.conversations.list()
  return [accountId, ...views.map(view => view.dialogs[0]?.transcript.length)]
}

test('start --scenario begins with a file in YAML, and greets with its account', async () => {
  const { folder } = await createFile('shop.yaml', yaml)
  await using command = startCommand([...flags, '--scenario', 'shop.yaml'], { folder })
  expect(await readAccount(command)).toEqual(['shop', 1])
})

test('start --scenario begins with a file in JSON, in the example account by default', async () => {
  const { file } = await createFile('shop.json', '{"conversations":[{"consumer":"a","events":[]}]}')
  await using command = startCommand([...flags, '--scenario', file])
  expect(await readAccount(command)).toEqual(['12345678', 0])
})

test('an account that the data folder has stays as it is, which the log says', async () => {
  const { folder, file } = await createFile('shop.yml', yaml)
  const data = path.join(folder, 'data')
  const options = [...flags, '--scenario', file, '--data', data]
  await using first = startCommand(options)
  const { url } = JSON.parse(await first.firstLine) as { readonly url: string }
  const account = connectMockServer(url).account('shop')
  const [view] = await account.conversations.list()
  await account.agent(view?.conversationId ?? '').say('Anybody?')
  first.signal()
  expect((await first.ended).stderr).not.toContain('scenario')
  await using second = startCommand(options)
  expect(await readAccount(second)).toEqual(['shop', 2])
  second.signal()
  expect((await second.ended).stderr).toContain(
    'the data folder has this account: it stays as it is, and the scenario is not loaded',
  )
})

test.each([
  ['a.json', '{"conversations":]', /a\.json is not valid JSON: .* line 1/],
  ['a.yaml', 'a: [\nb: "secret', /a\.yaml is not valid YAML: [A-Z_]+ in line \d, column \d+\n$/],
  ['a.yaml', 'faults: 1', /a\.yaml is not valid:\n {2}\/faults: expected/],
  [
    'a.yaml',
    'conversations: [{consumer: zoe, events: [{from: agent, action: closeCoBrowse}]}]',
    /a\.yaml is not valid:\n {2}\/conversations\/0\/events\/0: expected an event that its conv/,
  ],
])('a bad file does not start: %s %j', async (name, text, message) => {
  const { file } = await createFile(name, text)
  await using command = startCommand([...flags, '--scenario', file])
  const { code, stdout, stderr } = await command.ended
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(message)
  expect(stderr).not.toContain('secret')
})

test('a file that is not there does not start', async () => {
  await using command = startCommand([...flags, '--scenario', '/nowhere.yaml'])
  const { stderr } = await command.ended
  expect(stderr).toBe('Cannot read the scenario /nowhere.yaml: there is no such file\n')
})

import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type MockServer, startMockServer } from '../../../src/index.ts'
import { type Ended, runToEnd, startCommand } from '../../command-terminal.ts'
import { createDataFolder } from '../../data-folder.ts'

const page = await readFile(new URL('../../../../../docs/command.md', import.meta.url), 'utf8')

/** The examples of the help on the page, each without its explanation and the parts that are the shell's. */
const examples = [...page.matchAll(/^ {2}npx --no -- sendbox (.*?)(?: {2,}.*)?$/gm)].map(
  ([, line = '']) => line.replace(/ (?:[>|]|>>|&&) .*$/, ''),
)

const toWords = (line: string): string[] =>
  (line.match(/"[^"]*"|\S+/g) ?? []).map(word => word.replaceAll('"', ''))

/** A folder with the files that examples name; `init` finds none. */
async function createFolder(command: string): Promise<string> {
  const folder = await createDataFolder()
  if (command === 'init') return folder
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello' }
  await writeFile(path.join(folder, 'event.json'), JSON.stringify({ event }))
  await writeFile(path.join(folder, 'sendbox.json'), JSON.stringify({ settings: { survey: true } }))
  if (command !== 'check') return folder
  await using server = await startMockServer({ data: path.join(folder, 'sendbox-data') })
  await server.account().conversations.open('zoe')
  return folder
}

/** Runs a command that ends by a signal only, until `act` made it write a line. */
async function runUntilShown(
  argv: readonly string[],
  folder: string,
  url: string,
  act: () => Promise<unknown>,
): Promise<Ended> {
  const command = startCommand(argv, { folder, env: { SENDBOX_URL: url } })
  // A command that ends by itself ends this too.
  const state = { hasEnded: false }
  void command.ended.then(() => (state.hasEnded = true))
  while (command.output() === '' && !state.hasEnded) {
    await act()
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  command.signal()
  return command.ended
}

/** Runs an example for a mock whose data are in a folder. */
async function runExample(words: readonly string[], { url }: MockServer, data: string) {
  const [command = ''] = words
  const folder = await createFolder(command)
  const own = ['--port', '0', '--data', path.join(folder, 'data')]
  const env = { SENDBOX_URL: url }
  switch (command) {
    case 'start':
      return runUntilShown([...words, ...own], folder, url, () => Promise.resolve())
    case 'tail':
      return runUntilShown(words, folder, url, () => fetch(`${url}/api/account/12345678/no/such`))
    case 'run': {
      const at = words.indexOf('--')
      const argv = [...words.slice(0, at), ...own, ...words.slice(at)]
      return runToEnd(argv, { folder, runProgram: () => Promise.resolve(0) })
    }
    case 'env':
      return runToEnd([...words, '--url', url, '--data', data])
    case 'ca':
      return runToEnd([...words, '--data', data])
    case 'check':
      return runToEnd(words.map(word => (word === 'sendbox-data' ? path.join(folder, word) : word)))
    default:
      return runToEnd(words, { folder, env })
  }
}

test('the page has examples of every command', () => {
  const commands = [...page.matchAll(/^## `sendbox (\w+)`$/gm)].map(([, name]) => name)
  expect(commands.length).toBeGreaterThan(10)
  expect(commands.filter(name => !examples.some(line => toWords(line)[0] === name))).toEqual([])
})

test.each(examples)('docs/command.md: sendbox %s ends with 0', async line => {
  vi.stubEnv('BROWSER', 'true')
  onTestFinished(() => void vi.unstubAllEnvs())
  const data = await createDataFolder()
  await using server = await startMockServer({ tls: true, data })
  const id = line.includes('<id>')
    ? (await server.account().conversations.open('zoe')).conversationId
    : ''
  const filled = line.replace('<id>', id).replace('http://127.0.0.1:4021', server.url)
  const { code, stderr, stdout } = await runExample(toWords(filled), server, data)
  expect([code, code === 0 ? '' : stderr]).toEqual([0, ''])
  expect([line, stdout === '']).toEqual([line, line.startsWith('run ')])
})

test('the ready line of the page is that of a mock on port 4020, but for the number of its process', async () => {
  await using command = startCommand(['start', '--json', '--port', '0'])
  const line = await command.firstLine
  const { url } = JSON.parse(line) as { readonly url: string }
  const shown = page.match(/^\{"event":"ready".*$/m)?.[0]
  expect(shown).toBe(
    line.replaceAll(url, 'http://127.0.0.1:4020').replace(`"pid":${process.pid}`, '"pid":4711'),
  )
})

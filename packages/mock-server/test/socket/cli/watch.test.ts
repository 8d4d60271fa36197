import { rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { connectMockServer, type RemoteAccount } from '../../../src/control.ts'
import { type RunningCommand, startCommand } from '../../command-terminal.ts'
import { createDataFolder } from '../../data-folder.ts'

// The command loads it when it starts, which the first test would have to wait for.
beforeAll(() => import('../../../src/cli/start/run-start.ts'))

/** A mock that watches its config file, one of its accounts, and a way to replace the file as editors do. */
async function startWatching(config: object) {
  const folder = await createDataFolder()
  const file = path.join(folder, 'sendbox.json')
  const replace = async (next: object | string): Promise<void> => {
    const text = typeof next === 'string' ? next : JSON.stringify(next)
    await writeFile(`${file}~`, text)
    await rename(`${file}~`, file)
  }
  await replace(config)
  const flags = ['start', '--port', '0', '--json', '--config', 'sendbox.json', '--watch']
  const command = startCommand(flags, { folder })
  const { url } = JSON.parse(await command.firstLine) as { readonly url: string }
  const account = connectMockServer(url).account('1')
  const close = () => command[Symbol.asyncDispose]()
  return { command, account, replace, [Symbol.asyncDispose]: close }
}

const settingsOf = async ({ settings }: RemoteAccount) => {
  const { survey, hintHeader, limits, transcriptEntries } = await settings.current
  return { survey, hintHeader, textLength: limits.textLength, transcriptEntries }
}

const reread = (command: RunningCommand) => command.waitForError('the config file was read again')

test('--watch applies changed settings and accounts, and says which change at the next start only', async () => {
  await using watching = await startWatching({ settings: { limits: { textLength: 9 } } })
  const { command, account, replace } = watching
  await account.settings.change({ hintHeader: false, limits: { textLength: 5 } })
  const bot = { rules: [{ when: 'Hi', say: 'Hello' }] }
  await replace({
    seed: 'another',
    settings: { survey: true, hintHeader: true, limits: { textLength: 7 }, transcriptEntries: 3 },
    accounts: { '1': { bot } },
  })
  await reread(command)
  expect(await settingsOf(account)).toEqual({
    survey: true,
    hintHeader: false,
    textLength: 5,
    transcriptEntries: 10_000,
  })
  expect(await account.bot.current).toMatchObject(bot)
  await account.reset()
  expect(await settingsOf(account)).toMatchObject({ hintHeader: true, textLength: 7 })
  command.signal()
  const lines = (await command.ended).stderr.split('\n')
  const find = (words: string) => JSON.parse(lines.find(line => line.includes(words)) ?? '{}')
  expect(find('next start only')).toMatchObject({
    level: 'warn',
    options: ['seed'],
    settings: ['transcriptEntries'],
  })
  expect(find('read again')).toMatchObject({
    level: 'info',
    settings: ['limits.textLength', 'survey'],
    accounts: ['1'],
  })
})

test('a bad file is refused whole, with the problems of a start, and the next good one applies', async () => {
  await using watching = await startWatching({ settings: { survey: true } })
  const { command, account, replace } = watching
  await replace({ settings: { survey: false, survay: true } })
  await command.waitForError('the changed config file is refused: the mock runs on as before')
  expect(await settingsOf(account)).toMatchObject({ survey: true })
  await replace({ settings: { hintHeader: false } })
  await reread(command)
  expect(await settingsOf(account)).toMatchObject({ survey: false, hintHeader: false })
  command.signal()
  const { stderr } = await command.ended
  expect(stderr).toContain('/settings/survay: ')
})

test('--watch wants a file to watch', async () => {
  await using command = startCommand(['start', '--port', '0', '--watch'])
  const { code, stderr } = await command.ended
  expect([code, stderr]).toEqual([1, '--watch goes with --config: name the file to watch\n'])
})

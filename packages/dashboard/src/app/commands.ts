import { attempt, call } from '../live/mock.ts'
import { account, navigate, type Room, rooms } from '../live/route.ts'
import { openForm } from '../parts/form-dialog.tsx'
import { toggleTheme } from './theme.ts'

/** Saves a value as a JSON file on the reader's disk. */
function saveJson(name: string, value: unknown): void {
  const blob = new Blob([`${JSON.stringify(value, null, 2)}\n`], { type: 'application/json' })
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

/** Lets the reader choose a JSON file, and parses it; `undefined` if none is chosen. Rejects for a file that is no JSON. */
function chooseJson(): Promise<unknown> {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = 'application/json,.json'
  return new Promise((resolve, reject) => {
    input.addEventListener('cancel', () => resolve(undefined))
    input.addEventListener('change', () => {
      const [file] = input.files ?? []
      if (file === undefined) return resolve(undefined)
      file
        .text()
        .then(text => resolve(JSON.parse(text) as unknown))
        .catch(() => reject(new Error(`${file.name} is no JSON file`)))
    })
    input.click()
  })
}

/** Something that a person can do from anywhere in the page. */
export interface Command {
  readonly name: string
  readonly key?: string
  readonly run: () => void
}

/** The names of the rooms. */
export const roomNames: Readonly<Record<Room, string>> = {
  conversations: 'Conversations',
  calls: 'Calls',
  webhooks: 'Webhooks',
  trouble: 'Trouble',
  verify: 'Verify',
  rules: 'Rules',
}

/** Puts the cursor into the search field of the room. */
const search = (): void => document.querySelector<HTMLInputElement>('input[type=search]')?.focus()

/** Puts the cursor into the field of the conversation that is shown. */
const write = (): void => document.querySelector<HTMLTextAreaElement>('.composer textarea')?.focus()

const reset = (): void =>
  openForm({
    title: `Reset account ${account.peek()}?`,
    text: 'Its conversations, calls, files, faults and webhooks go; its clock, settings and app installs are those of the start again.',
    action: 'Reset',
    submit: () => attempt(() => call('resetAccount', { accountId: account.peek() })),
  })

async function saveSnapshot(): Promise<void> {
  const accountId = account.peek()
  saveJson(`sendbox-${accountId}.json`, await call('getSnapshot', { accountId }))
}

async function restoreSnapshot(): Promise<void> {
  const body = await chooseJson()
  if (body === undefined) return
  await call('putSnapshot', { accountId: account.peek(), body: body as never })
}

async function saveScenario(): Promise<void> {
  const accountId = account.peek()
  saveJson(`scenario-${accountId}.json`, await call('getScenario', { accountId }))
}

async function loadScenario(): Promise<void> {
  const body = await chooseJson()
  if (body === undefined) return
  await call('putScenario', { accountId: account.peek(), body: body as never })
}

const switchAccount = (): void =>
  openForm({
    title: 'Show another account',
    text: 'Any id works: an account begins with its first call.',
    action: 'Show',
    fields: [{ name: 'accountId', label: 'Account id', value: account.peek() }],
    submit: ({ accountId = '' }) => {
      navigate({ account: accountId })
      return true
    },
  })

/** All commands, in the order of the palette. */
export const commands = (showHelp: () => void): readonly Command[] => [
  ...rooms.map((room, index) => ({
    name: `Go to ${roomNames[room]}`,
    key: String(index + 1),
    run: () => navigate({ room, id: '', filters: {} }),
  })),
  { name: 'Search in this room', key: '/', run: search },
  { name: 'Write in the conversation', key: 'w', run: write },
  { name: 'Show another account', key: 'a', run: switchAccount },
  { name: 'Change between light and dark', key: 'd', run: toggleTheme },
  { name: 'Save a snapshot of the account', run: () => void attempt(saveSnapshot) },
  { name: 'Restore a snapshot', run: () => void attempt(restoreSnapshot) },
  { name: 'Save the account as a scenario', run: () => void attempt(saveScenario) },
  { name: 'Load a scenario', run: () => void attempt(loadScenario) },
  { name: 'Reset the account', run: reset },
  { name: 'Show the keys', key: '?', run: showHelp },
]

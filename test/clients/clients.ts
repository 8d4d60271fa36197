import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { runUnderSendbox } from './run-under.ts'

/** A client of HTTP of Node, as a connector has it. */
export interface Client {
  readonly name: string
  /** Its program in `programs/`. */
  readonly program: string
  /** The package that the program imports. @default none: it is Node's own */
  readonly package?: string
  /** The requests for one URL, as the program tries several ways. @default 1 */
  readonly requests?: number
}

/** Those that are in the lockfile of the workspace. */
export const currentClients: readonly Client[] = [
  { name: 'http and https', program: 'core', requests: 3 },
  { name: 'fetch', program: 'fetch' },
  { name: 'undici 7', program: 'undici', package: 'undici', requests: 2 },
  { name: 'axios 1', program: 'axios', package: 'axios' },
  { name: 'got 14', program: 'got', package: 'got' },
]

/** Those of the lockfile in this folder. */
export const otherClients: readonly Client[] = [
  { name: 'undici 6', program: 'undici', package: 'undici-6', requests: 2 },
  { name: 'axios 0.21', program: 'axios', package: 'axios-0.21' },
  { name: 'axios 0.27', program: 'axios', package: 'axios-0.27' },
  { name: 'got 11', program: 'got', package: 'got-11' },
  { name: 'node-fetch 2', program: 'node-fetch', package: 'node-fetch-2' },
  { name: 'node-fetch 3', program: 'node-fetch', package: 'node-fetch-3' },
  { name: 'superagent', program: 'superagent', package: 'superagent' },
  { name: 'needle', program: 'needle', package: 'needle' },
  { name: 'ky', program: 'ky', package: 'ky' },
  { name: 'request', program: 'request', package: 'request' },
  { name: 'node-rest-client', program: 'node-rest-client', package: 'node-rest-client' },
]

/** The path of a program. */
export const programFile = (name: string): string =>
  fileURLToPath(new URL(`programs/${name}`, import.meta.url))

/** The Domain API by http and by https, with each host name that connectors have built in. */
export const urls: readonly string[] = ['http', 'https'].flatMap(scheme =>
  ['api.liveperson.net', 'adminlogin.liveperson.net'].map(
    host => `${scheme}://${host}/api/account/12345678/service/sentinel/baseURI.json?version=1.0`,
  ),
)

/** The status and the body of a response of the Domain API. */
const answer: readonly unknown[] = [
  200,
  {
    service: 'sentinel',
    account: '12345678',
    baseURI: expect.stringMatching(/^[\w.]+\.liveperson\.net$/),
  },
]

/** A command under test, and the number of its requests for one URL. */
export interface Program {
  readonly command: readonly string[]
  /** @default 1 */
  readonly requests?: number
  /** Further responses that it prints, which are not the mock's. @default none */
  readonly others?: readonly unknown[]
}

/** The responses that each program printed, or the reason why it has none; and the calls that the mock saw. */
interface Asked {
  readonly printed: Readonly<Record<string, unknown>>
  readonly calls: Readonly<Record<string, number>>
  readonly unmatched: number
}

/** Runs programs under one `sendbox run`. */
export async function ask(programs: Readonly<Record<string, Program>>): Promise<Asked> {
  const { ends, summary } = await runUnderSendbox(
    Object.values(programs).map(({ command }) => command),
  )
  const printed = ends.map(({ status, stdout, stderr }) =>
    status === 0
      ? stdout
          .trimEnd()
          .split('\n')
          .map(line => JSON.parse(line) as unknown)
      : stderr,
  )
  return {
    printed: Object.fromEntries(Object.keys(programs).map((name, index) => [name, printed[index]])),
    calls: summary.calls,
    unmatched: summary.unmatched,
  }
}

/** The result of `ask` where each request of the programs reaches the mock, and nothing else does. */
export function everyRequestOf(programs: Readonly<Record<string, Program>>): Asked {
  const printed = Object.entries(programs).map(([name, { requests = 1, others = [] }]) => [
    name,
    [...Array.from({ length: requests * urls.length }, () => answer), ...others],
  ])
  const count = Object.values(programs).reduce((sum, { requests = 1 }) => sum + requests, 0)
  return {
    printed: Object.fromEntries(printed),
    calls: { baseUri: count * urls.length },
    unmatched: 0,
  }
}

/** The programs of clients of Node. */
export const toPrograms = (
  clients: readonly Client[],
  node: string = process.execPath,
): Readonly<Record<string, Program>> =>
  Object.fromEntries(
    clients.map(({ name, program, package: from = '', requests = 1 }) => [
      name,
      { command: [node, programFile(`${program}.js`), from, ...urls], requests },
    ]),
  )

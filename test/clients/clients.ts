import { fileURLToPath } from 'node:url'
import { runUnderSendbox } from './run-under.ts'

/** A client of HTTP, as a connector has it. */
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

const hosts = ['api.liveperson.net', 'adminlogin.liveperson.net'] as const

/** The Domain API, with each host name that connectors have built in. */
const urls: readonly string[] = ['http', 'https'].flatMap(scheme =>
  hosts.map(
    host => `${scheme}://${host}/api/account/12345678/service/sentinel/baseURI.json?version=1.0`,
  ),
)

/** The response of the Domain API to each of the URLs; as nothing else does, it names the host that was asked. */
const answers: readonly unknown[] = urls.map(url => [
  200,
  { service: 'sentinel', account: '12345678', baseURI: new URL(url).host },
])

/** The responses that each client printed, or why it has none; and the number of calls that the mock saw. */
export async function askByClients(
  clients: readonly Client[],
  node: string = process.execPath,
): Promise<{ readonly printed: Readonly<Record<string, unknown>>; readonly calls: unknown }> {
  const programs = clients.map(client => {
    const file = fileURLToPath(new URL(`programs/${client.program}.js`, import.meta.url))
    return [node, file, client.package ?? '', ...urls]
  })
  const { ends, summary } = await runUnderSendbox(programs)
  const printed = ends.map(({ status, stdout, stderr }) =>
    status === 0
      ? stdout
          .trimEnd()
          .split('\n')
          .map(line => JSON.parse(line) as unknown)
      : stderr,
  )
  return {
    printed: Object.fromEntries(clients.map(({ name }, index) => [name, printed[index]])),
    calls: summary.calls,
  }
}

/** What `askByClients` resolves to where all of them reach the mock. */
export function expectedOf(clients: readonly Client[]): object {
  const printed = clients.map(({ name, requests = 1 }) => [
    name,
    answers.flatMap(answer => Array.from({ length: requests }, () => answer)),
  ])
  const count = clients.reduce((sum, { requests = 1 }) => sum + requests * urls.length, 0)
  return { printed: Object.fromEntries(printed), calls: { baseUri: count } }
}

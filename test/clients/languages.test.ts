import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { ask, everyRequestOf, type Program, programFile, urls } from './clients.ts'

/** A program of another language, with what tells whether it can run here. */
interface Candidate extends Program {
  readonly needs: readonly [command: string, ...args: string[]]
  /** Whether CI has to have it. */
  readonly isInCi?: boolean
}

const python = (way: string): Candidate => ({
  needs: ['python3', '-c', `import ${way}`],
  command: ['python3', programFile('ask.py'), way, ...urls],
})

const candidates: Readonly<Record<string, Candidate>> = {
  curl: {
    needs: ['curl', '--version'],
    isInCi: true,
    command: ['sh', programFile('ask.sh'), ...urls],
  },
  'urllib of Python': { ...python('urllib'), isInCi: true },
  'http.client of Python': { ...python('http.client'), isInCi: true },
  'socket of Python': { ...python('socket'), isInCi: true },
  'asyncio of Python': { ...python('asyncio'), isInCi: true },
  'requests of Python': python('requests'),
  'httpx of Python': python('httpx'),
  'aiohttp of Python': python('aiohttp'),
  // Behind the mock's, both clients ask a service of the program's own by two names.
  'HttpURLConnection and HttpClient of Java': {
    needs: ['java', '--version'],
    command: ['java', programFile('Ask.java'), ...urls],
    requests: 2,
    others: Array.from({ length: 4 }, () => [200, 'own']),
  },
  'net/http of Go': {
    needs: ['go', 'version'],
    command: ['go', 'run', programFile('ask.go'), ...urls],
  },
}

const all = Object.entries(candidates)
const missing = all.filter(
  ([
    ,
    {
      needs: [command, ...args],
      isInCi = false,
    },
  ]) => {
    const isRequired = isInCi && process.env['CI'] !== undefined
    return !isRequired && spawnSync(command, args).status !== 0
  },
)
const present = all.filter(one => !missing.includes(one))

test(`under sendbox run these reach the mock: ${present.map(([name]) => name).join(', ')}`, async () => {
  const programs = Object.fromEntries(present)
  expect(await ask(programs)).toEqual(everyRequestOf(programs))
})

const reasons = missing.map(
  ([name, { needs }]) => `${name} is NOT RUN: "${needs.join(' ')}" fails on this machine`,
)

test.for(reasons)('%s', (reason, { skip }) => {
  skip(reason)
  expect.unreachable()
})

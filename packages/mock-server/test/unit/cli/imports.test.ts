import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'
import { beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

let chunks: ReadonlyMap<string, Rolldown.OutputChunk>

/** The bundle as `vite build` makes it for the tarball, in memory. */
beforeAll(async () => {
  const { output } = (await build({
    root,
    build: { write: false },
    logLevel: 'error',
  })) as Rolldown.RolldownOutput
  chunks = new Map(
    output.filter(file => file.type === 'chunk').map(chunk => [chunk.fileName, chunk]),
  )
}, 60_000)

/** The chunks that load with the one that has a module, dynamic imports left out. */
function loadedWith(module: string): Rolldown.OutputChunk[] {
  const first = [...chunks.values()].find(({ moduleIds }) =>
    moduleIds.some(id => id.endsWith(`/src/${module}`)),
  )
  if (first === undefined) throw new Error(`No chunk has ${module}`)
  const loaded = new Set([first])
  // A set's iteration reaches what is added to it meanwhile.
  for (const { imports } of loaded)
    for (const name of imports) {
      const chunk = chunks.get(name)
      if (chunk) loaded.add(chunk)
    }
  return [...loaded]
}

/** The packages whose code is in these chunks, or that they import at run time. */
const packagesIn = (loaded: readonly Rolldown.OutputChunk[]): string[] =>
  loaded
    .flatMap(({ moduleIds, imports }) => [
      ...moduleIds.map(id => id.split('node_modules/').at(-1) ?? ''),
      ...imports,
    ])
    .map(path => /^(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? '')

const heavy = ['express', 'jose', 'lmdb', 'pino', 'pkijs', 'prom-client', 'undici']

test.each([
  ['--help, rules and schema load', 'sendbox.ts', []],
  ['send loads', 'cli/send/run-send.ts', ['undici']],
  ['start loads', 'cli/start/run-start.ts', ['express', 'jose', 'pino']],
  ['the CA loads', 'tls/ca-store.ts', ['pkijs']],
  ['metrics load', 'control/render-metrics.ts', ['prom-client']],
])('of the heavy packages, %s with the chunk of %s only %j', (_, module, expected) => {
  const packages = packagesIn(loadedWith(module))
  expect(heavy.filter(name => packages.includes(name))).toEqual(expected)
})

test('the command imports its larger commands once they are needed', () => {
  const lazy = loadedWith('sendbox.ts').flatMap(({ dynamicImports }) => dynamicImports)
  expect(lazy.toSorted()).toEqual([
    'ca-store2.js',
    'check-folder2.js',
    // foreground-child, which runs a command for run.
    'esm.js',
    'print-requests.js',
    'run-connector.js',
    'run-env.js',
    'run-open.js',
    'run-send.js',
    'run-start.js',
    'run-tail.js',
    'trust-stores.js',
  ])
  expect(loadedWith('cli/send/run-send.ts').flatMap(chunk => chunk.dynamicImports)).toEqual([])
})

import { execFile } from 'node:child_process'
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, inject, test } from 'vitest'

const tscOf = (name: string): string =>
  fileURLToPath(new URL(`../node_modules/${name}/bin/tsc`, import.meta.url))
const consumer = fileURLToPath(new URL('consumer.ts', import.meta.url))

const compilers = {
  '5.5': tscOf('typescript-5.5'),
  '5.9': tscOf('typescript-5.9'),
  '6.0': tscOf('typescript-6.0'),
  '7.0': tscOf('typescript'),
}

type Version = keyof typeof compilers

const modes = {
  nodenext: { module: 'nodenext' },
  bundler: { module: 'preserve', moduleResolution: 'bundler' },
}

const compilerOptions = {
  target: 'es2022',
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
}

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, unknown>>
}

/** Each entry of each package that has types. */
async function listEntries(): Promise<string[]> {
  const scope = join(inject('consumerFolder'), 'node_modules/@sendbox')
  const manifests = (await readdir(scope)).map(
    async (folder): Promise<Manifest> =>
      JSON.parse(await readFile(join(scope, folder, 'package.json'), 'utf8')),
  )
  return (await Promise.all(manifests)).flatMap(({ name, exports }) =>
    Object.entries(exports)
      .filter(([, target]) => Object(target).types !== undefined)
      .map(([path]) => join(name, path)),
  )
}

beforeAll(async () => {
  const folder = inject('consumerFolder')
  const entries = await listEntries()
  const lines = entries.map((entry, index) => `export * as entry${index} from '${entry}'`)
  await writeFile(join(folder, 'entries.ts'), `${lines.join('\n')}\n`)
  for (const name of ['consumer.ts', 'consumer.cts']) await copyFile(consumer, join(folder, name))
})

test('the entries with types are known', async () => {
  expect(await listEntries()).toEqual(
    expect.arrayContaining([
      '@sendbox/client',
      '@sendbox/contracts',
      '@sendbox/mock-server/vitest',
    ]),
  )
})

/** Compiles the consumer's files; resolves with what the compiler printed. */
async function compile(tsc: string, mode: keyof typeof modes, files: string[]): Promise<string> {
  const folder = inject('consumerFolder')
  const project = join(folder, `tsconfig.${mode}.json`)
  const options = { ...compilerOptions, ...modes[mode] }
  await writeFile(project, JSON.stringify({ compilerOptions: options, files }))
  return new Promise(resolve => {
    execFile(
      process.execPath,
      [tsc, '--pretty', 'false', '--project', project],
      { cwd: folder },
      (error, stdout, stderr) => resolve(stdout + stderr || (error?.message ?? '')),
    )
  })
}

/** Two at a time, as many as there are cores; the lowest and the newest version in both modes. */
test.each<[nodenext: Version, bundler: Version]>([
  ['5.5', '5.5'],
  ['5.9', '6.0'],
  ['7.0', '7.0'],
])(
  'under TypeScript %s with nodenext, and %s with bundler, the types of every entry are clean, refuse what is wrong and take what is right',
  async (nodenext, bundler) => {
    const files = ['entries.ts', 'consumer.ts']
    // From 5.8 on, nodenext lets CommonJS require an ES module.
    const common = nodenext === '5.5' ? [] : ['consumer.cts']
    const printed = await Promise.all([
      compile(compilers[nodenext], 'nodenext', [...files, ...common]),
      compile(compilers[bundler], 'bundler', files),
    ])
    expect(printed).toEqual(['', ''])
  },
)

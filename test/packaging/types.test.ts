import { execFile } from 'node:child_process'
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, inject, test } from 'vitest'

const tscOf = (name: string): string =>
  fileURLToPath(new URL(`../node_modules/${name}/bin/tsc`, import.meta.url))
const consumer = fileURLToPath(new URL('consumer.ts', import.meta.url))

/** TypeScript by minor version, with whether its nodenext lets CommonJS require an ES module. */
const compilers = [
  ['5.5', tscOf('typescript-5.5'), false],
  ['5.9', tscOf('typescript-5.9'), true],
  ['6.0', tscOf('typescript-6.0'), true],
  ['7.0', tscOf('typescript'), true],
] as const

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
  expect(entries).toContain('@sendbox/mock-server/vitest')
  const lines = entries.map((entry, index) => `export * as entry${index} from '${entry}'`)
  await writeFile(join(folder, 'entries.ts'), `${lines.join('\n')}\n`)
  for (const name of ['consumer.ts', 'consumer.cts']) await copyFile(consumer, join(folder, name))
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
      (error, stdout, stderr) => resolve(stdout + stderr || String(error ?? '')),
    )
  })
}

test.each(compilers)(
  'under TypeScript %s the types of every entry are clean, refuse what is wrong and take what is right',
  async (_, tsc, requiresModules) => {
    const files = ['entries.ts', 'consumer.ts']
    const common = requiresModules ? ['consumer.cts'] : []
    const printed = await Promise.all([
      compile(tsc, 'nodenext', [...files, ...common]),
      compile(tsc, 'bundler', files),
    ])
    expect(printed).toEqual(['', ''])
  },
)

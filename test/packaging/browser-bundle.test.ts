import { writeFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { type BuildResult, build } from 'esbuild'
import { expect, inject, test } from 'vitest'
import { runNode } from './run-node.ts'

/**
 * Some 15 % over the 100, 148 and 14 kB that were measured, minified, zod included. A larger growth comes from a new
 * dependency, or from an import that cannot be tree-shaken: `import { z } from 'zod'` instead of `import * as z` adds 360 kB.
 */
const ceilingBytes = {
  SendRequestSchema: 115_000,
  parseSendRequest: 170_000,
  connectMockServer: 16_500,
}

type Bundle = BuildResult<{ metafile: true; write: false }>

/** Node's own modules stay imports, so that the metafile names them and who asks for them. */
const bundleForBrowser = (contents: string): Promise<Bundle> =>
  build({
    absWorkingDir: inject('consumerFolder'),
    stdin: { contents, resolveDir: inject('consumerFolder') },
    platform: 'browser',
    bundle: true,
    minify: true,
    format: 'esm',
    external: ['node:*', ...builtinModules],
    metafile: true,
    write: false,
  })

const externalImports = ({ metafile }: Bundle): string[] =>
  Object.entries(metafile.inputs).flatMap(([file, { imports }]) =>
    imports.filter(({ external }) => external).map(({ path }) => `${file} imports ${path}`),
  )

test('the main entry imports nothing that a browser has not', async () => {
  const bundle = await bundleForBrowser(`export * from '@sendbox/schema'`)
  expect(Object.keys(bundle.metafile.inputs)).toContain(
    'node_modules/@sendbox/schema/dist/index.js',
  )
  expect(externalImports(bundle)).toEqual([])
})

test('the control client is made of its own files and a parser of events, and imports nothing of Node', async () => {
  const bundle = await bundleForBrowser(`export * from '@sendbox/mock-server/control'`)
  const files = Object.keys(bundle.metafile.inputs).filter(file => file !== '<stdin>')
  const known = ['@sendbox/mock-server/dist/', 'eventsource-parser/dist/']
  const strangers = files.filter(
    file => !known.some(folder => file.startsWith(`node_modules/${folder}`)),
  )
  expect(files).toContain('node_modules/@sendbox/mock-server/dist/control-client/call.js')
  expect([strangers, externalImports(bundle)]).toEqual([[], []])
  const size = bundle.outputFiles[0]?.contents.byteLength
  expect(size).toBeLessThan(ceilingBytes.connectMockServer)
})

test.each([
  ['@sendbox/schema', false],
  ['@sendbox/schema/fixtures', false],
  ['@sendbox/schema/signature', false],
  ['@sendbox/schema/zod3', true],
])('%s loads zod-to-json-schema: %j', async (entry, expected) => {
  const { metafile } = await bundleForBrowser(`export * from '${entry}'`)
  const loaded = Object.keys(metafile.inputs)
  expect(loaded.some(file => file.includes('node_modules/zod-to-json-schema/'))).toBe(expected)
})

test.each([
  ['SendRequestSchema', 'SendRequestSchema.safeParse(value).success'],
  ['parseSendRequest', 'parseSendRequest(value).ok'],
] as const)('a browser bundle of %s runs and stays below its ceiling', async (name, verdict) => {
  const bundle = await bundleForBrowser(`
    import { ${name} } from '@sendbox/schema'
    export const isValid = value => ${verdict}
  `)
  const [output] = bundle.outputFiles
  if (output === undefined) throw new TypeError('esbuild wrote no file')
  const file = `bundle-of-${name}.mjs`
  await writeFile(join(inject('consumerFolder'), file), output.contents)
  const good = {
    id: 1,
    type: 'ms.PublishEvent',
    body: { dialogId: 'dialog', event: { type: 'ChatStateEvent', chatState: 'PAUSE' } },
  }
  const script = `
    import { isValid } from './${file}'
    process.stdout.write(JSON.stringify([${JSON.stringify(good)}, {}].map(isValid)))
  `
  expect(runNode('--input-type=module', '--eval', script)).toEqual({
    status: 0,
    output: '[true,false]',
  })
  expect(output.contents.byteLength).toBeLessThan(ceilingBytes[name])
})

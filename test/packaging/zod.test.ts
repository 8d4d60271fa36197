import { copyFile, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, inject, test } from 'vitest'
import { installIn } from './consumer-folder.ts'
import { runPasted } from './run-node.ts'

const compose = fileURLToPath(new URL('compose.ts', import.meta.url))
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url))

interface Manifest {
  readonly peerDependencies: { readonly zod: string }
}

async function readRange(): Promise<string> {
  const file = join(inject('consumerFolder'), 'node_modules/@sendbox/schema/package.json')
  const { peerDependencies } = JSON.parse(await readFile(file, 'utf8')) as Manifest
  return peerDependencies.zod
}

/** A folder in which all tarballs are installed beside a zod of its own. */
async function createFolder(zod: string): Promise<string> {
  const folder = await mkdtemp(join(inject('consumerFolder'), '../zod-'))
  await installIn(folder, inject('installLine'), `zod@${zod}`)
  return folder
}

test.each([
  ['the lowest', async () => createFolder((await readRange()).replace(/^\^/, ''))],
  ['the newest', async () => inject('consumerFolder')],
] as const)(
  'SendRequestSchema composes with schemas of %s zod, the only one',
  async (_, create) => {
    const folder = await create()
    const lock = await readFile(join(folder, 'node_modules/.package-lock.json'), 'utf8')
    expect(lock.match(/"[^"]*node_modules\/zod"/g)).toEqual(['"node_modules/zod"'])
    await copyFile(compose, join(folder, 'compose.ts'))
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2022',
      lib: ['es2022', 'dom'],
      types: [],
      strict: true,
      skipLibCheck: false,
    }
    const config = { compilerOptions, files: ['compose.ts'] }
    await writeFile(join(folder, 'tsconfig.compose.json'), JSON.stringify(config))
    const compile = `node '${tsc}' --pretty false --project tsconfig.compose.json`
    expect(runPasted(compile, folder)).toEqual({ status: 0, output: '' })
    const print = `import { verdict } from './compose.js'; console.log(JSON.stringify(verdict))`
    expect(runPasted(`node --input-type=module --eval "${print}"`, folder)).toEqual({
      status: 0,
      output: '["ms.PublishEvent","one",[true,true,false,false],true]\n',
    })
  },
)

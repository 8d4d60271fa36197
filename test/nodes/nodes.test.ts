// The installed packages on each Node that is alive, beside the one that everything else is tested on.
import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { installIn } from '../packaging/consumer-folder.ts'

/** Each with a vitest of another major version, from the lowest that our peer range allows. */
const nodes = [
  { version: '22', vitest: '3.2.0' },
  { version: '24', vitest: '4.1.0' },
  { version: '26', vitest: '5.1.0' },
] as const

const run = promisify(execFile)

/** The binary of a Node, which the npm package `node` brings. */
async function findNode(version: string): Promise<string> {
  const { stdout } = await run('npx', ['-y', `node@${version}`, '-p', 'process.execPath'])
  return stdout.trim()
}

/** How a process ended, and what it printed. */
function runIn(folder: string, node: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(node, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 100_000,
  })
  return { status, stdout, stderr }
}

/** The beginning of Node's lines on deprecated and experimental parts. */
const warning = /Warning: /

/** The file that a package's command runs. */
async function findCommand(folder: string, name: string, command: string): Promise<string> {
  const installed = join(folder, 'node_modules/@sendbox', name)
  const { bin } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
    readonly bin: Readonly<Record<string, string>>
  }
  return join(installed, bin[command] ?? `no command ${command}`)
}

async function startCommand(folder: string, node: string, file: string) {
  const child = spawn(node, [file, 'start', '--port', '0', '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit') as Promise<[number | null]>
  const errors: string[] = []
  child.stderr.on('data', chunk => errors.push(String(chunk)))
  const lines = createInterface({ input: child.stdout })
  const [line] = (await Promise.race([
    once(lines, 'line'),
    exited.then(() => {
      throw new Error(`The command ended before it listened: ${errors.join('')}`)
    }),
  ])) as [string]
  return {
    url: (JSON.parse(line) as { readonly url: string }).url,
    /** Ends it as a container does. */
    stop: async () => {
      child.kill('SIGTERM')
      const [status] = await exited
      return { status, stderr: errors.join('') }
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}

describe.each(nodes)('on Node $version', ({ version, vitest }) => {
  let node: string
  let folder: string

  beforeAll(async () => {
    node = await findNode(version)
    folder = await realpath(await mkdtemp(join(tmpdir(), 'sendbox-nodes-')))
    await installIn(folder, inject('installLine'), `vitest@${vitest}`)
  }, 240_000)

  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('it is that Node', () => {
    const { stdout } = runIn(folder, node, '-p', 'process.versions.node')
    expect(stdout.split('.')[0]).toBe(version)
  })

  test('the command starts, sends and stops without a warning', async () => {
    const file = await findCommand(folder, 'mock-server', 'sendbox')
    await using mock = await startCommand(folder, node, file)
    const sent = runIn(folder, node, file, 'send', 'Hello', '--url', mock.url)
    expect(sent).toMatchObject({ status: 0, stdout: expect.stringContaining('"sequence": 0') })
    const stopped = await mock.stop()
    expect(stopped.status).toBe(0)
    expect(sent.stderr + stopped.stderr).not.toMatch(warning)
  })

  test.each([
    ['packages/mock-server/bin/sendbox.js', '--version'],
    ['contracts/bin/sendbox-contracts.js', '--version'],
    ['scripts/start.js', '--help'],
  ])('in a checkout %s runs the source without a warning', (file, flag) => {
    const ran = runIn(inject('checkoutFolder'), node, file, flag)
    expect(ran).toMatchObject({ status: 0, stderr: '' })
    expect(ran.stdout).not.toBe('')
  })

  test(`an integration test runs in vitest ${vitest}`, async () => {
    const name = 'integration.test.ts'
    await copyFile(fileURLToPath(new URL(`user/${name}`, import.meta.url)), join(folder, name))
    const runner = join(folder, 'node_modules/vitest/vitest.mjs')
    const ran = runIn(folder, node, runner, 'run', '--reporter=verbose', name)
    expect(ran).toMatchObject({ status: 0, stdout: expect.stringMatching(/Tests .*2 passed/) })
    expect(ran.stderr).not.toMatch(warning)
  })

  test('the contracts are verified against the mock', async () => {
    const file = await findCommand(folder, 'contracts', 'sendbox-contracts')
    const verified = runIn(folder, node, file, 'verify', '--target', 'mock')
    expect(verified).toMatchObject({ status: 0, stdout: expect.stringMatching(/\d\d passed/) })
    expect(verified.stderr).not.toMatch(warning)
  })
})

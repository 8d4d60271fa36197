// Installs the workspace with the pinned pnpm, which need not be on the machine; does nothing where nothing changed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../', import.meta.url)
const stamp = new URL('node_modules/.sendbox-setup', root)
const inputs = [
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'package.json',
  'packages/schema/package.json',
  'packages/mock-server/package.json',
  'packages/client/package.json',
  'packages/dashboard/package.json',
  'contracts/package.json',
  'test/package.json',
  'test/docs/openapi-client/package.json',
]

const lowestNode = [20, 19]

const read = url => {
  try {
    return readFileSync(url, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return ''
    throw error
  }
}

const digest = () =>
  inputs
    .reduce((hash, input) => hash.update(read(new URL(input, root))), createHash('sha256'))
    .update(`${process.platform} ${process.arch}`)
    .digest('hex')

/** Runs the pinned pnpm in the workspace; returns its exit code, and its output where `stdio` pipes that. */
export const pnpm = (args, stdio) => {
  const { status, stdout } = spawnSync('npx', ['-y', 'pnpm@10.34.8', ...args], {
    cwd: fileURLToPath(root),
    stdio,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  return { status: status ?? 1, stdout }
}

/** Brings node_modules up to date; what pnpm says goes to standard error. */
export const setup = () => {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < lowestNode[0] || (major === lowestNode[0] && minor < lowestNode[1])) {
    process.stderr.write(
      `Sendbox needs Node ${lowestNode.join('.')} or later; this is ${process.version}.\n`,
    )
    process.exit(1)
  }
  const wanted = digest()
  if (read(stamp) === wanted) return
  process.stderr.write('Setting up: installing dependencies (only when they changed)\n')
  const { status } = pnpm(['install', '--frozen-lockfile'], ['ignore', 2, 2])
  if (status !== 0) {
    process.stderr.write('Set-up failed; the lines above say why.\n')
    process.exit(status)
  }
  mkdirSync(new URL('node_modules/', root), { recursive: true })
  writeFileSync(stamp, wanted)
}

if (fileURLToPath(import.meta.url) === realpathSync(process.argv[1] ?? '')) {
  setup()
  process.stdout.write('Set up. npm start starts the mock, npm test runs all checks.\n')
}

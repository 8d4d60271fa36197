// Builds nothing itself: packs each published package as a registry would get it, and checks the tarball.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const tarballs = `${root}.generated/tarballs`
const packages = ['packages/schema', 'packages/mock-server', 'packages/client']

const run = (command, args, cwd = root) => {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' })
  if (status !== 0) {
    process.stderr.write(`${command} ${args.join(' ')} failed in ${cwd}\n`)
    process.exit(status ?? 1)
  }
}

rmSync(tarballs, { recursive: true, force: true })
mkdirSync(tarballs, { recursive: true })
for (const folder of packages) run('pnpm', ['pack', '--pack-destination', tarballs], root + folder)
for (const tarball of readdirSync(tarballs)) {
  run('publint', ['run', '--strict', `${tarballs}/${tarball}`])
  run('attw', ['--profile', 'esm-only', `${tarballs}/${tarball}`])
}

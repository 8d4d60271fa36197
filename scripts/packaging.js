// Packs each published package as a registry would get it, and checks the tarballs.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const tarballs = `${root}.generated/tarballs`
const packages = ['packages/schema', 'packages/mock-server', 'packages/client']

/** Runs a command; what it printed is shown only where it failed. */
const run = (command, args, cwd = root) => {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (status === 0) return
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}${error ? `${error.message}\n` : ''}`)
  process.stderr.write(`${command} ${args.join(' ')} failed in ${cwd}\n`)
  process.exit(status ?? 1)
}

rmSync(tarballs, { recursive: true, force: true })
mkdirSync(tarballs, { recursive: true })
for (const folder of packages) run('pnpm', ['pack', '--pack-destination', tarballs], root + folder)
for (const name of readdirSync(tarballs)) {
  const tarball = `${tarballs}/${name}`
  run('publint', ['run', '--strict', tarball])
  run('attw', ['--profile', 'esm-only', tarball])
  const kilobytes = Math.ceil(statSync(tarball).size / 1000)
  process.stdout.write(`${name}: ${kilobytes} kB, publint and attw agree\n`)
}

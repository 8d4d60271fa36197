// Builds nothing itself: packs each published package as a registry would get it, and checks the tarball.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const tarballs = `${root}.generated/tarballs`
const packages = ['packages/schema', 'packages/mock-server', 'packages/client']

/** Runs a command and returns what it printed, which is shown only where it failed. */
const run = (command, args, cwd = root) => {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (status === 0) return stdout
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}${error ? `${error.message}\n` : ''}`)
  process.stderr.write(`${command} ${args.join(' ')} failed in ${cwd}\n`)
  return process.exit(status ?? 1)
}

rmSync(tarballs, { recursive: true, force: true })
mkdirSync(tarballs, { recursive: true })
for (const folder of packages) {
  const packed = run('pnpm', ['pack', '--json', '--pack-destination', tarballs], root + folder)
  const tarball = JSON.parse(packed).filename
  run('publint', ['run', '--strict', tarball])
  run('attw', ['--profile', 'esm-only', tarball])
  const kilobytes = Math.ceil(statSync(tarball).size / 1000)
  process.stdout.write(`${basename(tarball)}: ${kilobytes} kB, publint and attw agree\n`)
}

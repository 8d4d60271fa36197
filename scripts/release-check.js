// The first step of npm run release: refuses a package whose homepage, repository or bugs is still a placeholder.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = process.argv[2] ?? fileURLToPath(new URL('../', import.meta.url))
const manifests = ['packages/schema', 'packages/client', 'packages/mock-server', 'contracts'].map(
  folder => join(folder, 'package.json'),
)

/** RFC 2606 keeps `.invalid` free of real hosts. */
const isPlaceholder = address => /\.invalid(\/|"|$)/.test(JSON.stringify(address ?? '.invalid'))

const unset = manifests.flatMap(manifest => {
  const { homepage, repository, bugs } = JSON.parse(readFileSync(join(root, manifest), 'utf8'))
  return Object.entries({ homepage, repository, bugs })
    .filter(([, address]) => isPlaceholder(address))
    .map(([field]) => `${manifest}: ${field}`)
})
if (unset.length > 0) {
  process.stderr.write(`Set these before a release:\n${unset.join('\n')}\n`)
  process.exitCode = 1
}

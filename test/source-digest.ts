import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))

/** SHA-256, in hexadecimal digits, of the mock's sources and of these folders, their tests left out: what a measurement depends on. */
export function digestSources(...folders: readonly string[]): string {
  const hash = createHash('sha256')
  for (const folder of ['packages/schema/src', 'packages/mock-server/src', ...folders]) {
    const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    const files = entries
      .filter(entry => entry.isFile() && /(?<!\.test)\.[jt]sx?$/.test(entry.name))
      .map(({ parentPath, name }) => join(parentPath, name).slice(root.length))
    for (const file of files.toSorted())
      hash.update(`${file}\0`).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

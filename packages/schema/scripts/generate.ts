import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { compareArtefacts, repository } from './compare-artefacts.ts'
import { createArtefacts } from './create-artefacts.ts'

const artefacts = createArtefacts()
const { missing, different, stale } = compareArtefacts(artefacts)

for (const path of [...missing, ...different]) {
  mkdirSync(dirname(repository + path), { recursive: true })
  writeFileSync(repository + path, artefacts.get(path) ?? '')
}
for (const path of stale) rmSync(repository + path)

process.stdout.write(
  `${artefacts.size} files: ${missing.length} added, ${different.length} changed, ${stale.length} deleted\n`,
)

// Part of `pnpm run lint`: refuses words that are not the field's in comments, READMEs and docs, and says what to write.
// An area that is not clean yet is listed in `areasNotYetClean`; remove yours once it is. `pnpm run lint:words PREFIX …` checks only the
// paths that begin with a prefix, the areas of that list included.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findWords } from './find-words.ts'

/** Texts that are not comments or docs of ours: rule texts, examples of the protocol, and what is generated. */
const leftOut: readonly RegExp[] = [
  /^packages\/schema\/src\/(?:rules|fixtures)\//,
  /^docs\/(?:rules|command|control-api|performance)\.md$/,
  /(?:^|\/)golden\//,
  /(?:^|\/)CHANGELOG\.md$/,
  /^contracts\/mutation-report\.md$/,
  /^\.changeset\//,
]

/** Path prefixes that are not checked yet. Empty when the work on words is done. */
const areasNotYetClean: readonly string[] = []

const root = fileURLToPath(new URL('../../', import.meta.url))
const asked = process.argv.slice(2)

/** Whether a path is checked: those below the given prefixes, or all that are not left for later. */
const isChecked = (path: string): boolean =>
  asked.length > 0
    ? asked.some(prefix => path.startsWith(prefix))
    : !areasNotYetClean.some(area => path.startsWith(area))

const paths = execFileSync('git', ['ls-files', '-z', '--', '*.ts', '*.js', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter(path => path !== '' && existsSync(`${root}${path}`))
  .filter(path => isChecked(path) && !leftOut.some(pattern => pattern.test(path)))

let uses = 0
for (const path of paths)
  for (const { line, word, write } of findWords(path, readFileSync(`${root}${path}`, 'utf8'))) {
    process.stdout.write(`${path}:${line} "${word}": write ${write}\n`)
    uses += 1
  }
process.stdout.write(`${uses} forbidden words in ${paths.length} files\n`)
process.exitCode = uses === 0 ? 0 : 1

// Builds the page in a checkout, into a folder whose name is a digest of the sources: each state of them is built once.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const own = new URL('./', import.meta.url)
const cache = new URL('../../node_modules/.cache/sendbox-dashboard/', import.meta.url)

/** The sources of the page; the control client is one of them. */
const files = ['index.html', 'package.json', 'vite.config.js']
const folders = ['src/', '../mock-server/src/control-client/']

const filesOf = folder =>
  readdirSync(new URL(folder, own), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`)
    .toSorted()

const digest = () => {
  const paths = [
    ...files.map(file => fileURLToPath(new URL(file, own))),
    ...folders.flatMap(filesOf),
  ]
  const hash = createHash('sha256')
  for (const path of paths) hash.update(readFileSync(path))
  return hash.digest('hex').slice(0, 20)
}

/** Whether another process, which built the same beside this one, has put it there first. */
const isThere = error => error.code === 'ENOTEMPTY' || error.code === 'EEXIST'

const build = async name => {
  const { build: buildWithVite } = await import('vite')
  const draft = new URL(`${name}.${process.pid}/`, cache)
  mkdirSync(cache, { recursive: true })
  await buildWithVite({
    configFile: fileURLToPath(new URL('vite.config.js', own)),
    build: { outDir: fileURLToPath(draft) },
  })
  try {
    renameSync(draft, new URL(`${name}/`, cache))
  } catch (error) {
    if (!isThere(error)) throw error
    rmSync(draft, { recursive: true })
  }
}

let building = Promise.resolve()

/** Builds the page unless these sources were built before, and returns the folder that has it. */
export const buildDashboard = async () => {
  const name = digest()
  const folder = new URL(`${name}/`, cache)
  building = building.catch(() => {}).then(() => (existsSync(folder) ? undefined : build(name)))
  await building
  return fileURLToPath(folder)
}

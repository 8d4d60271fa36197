// npm run tarballs: packs what other repositories install, and prints the line that installs it.
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { pnpm, setup } from './setup.js'

const folder = fileURLToPath(new URL('../tarballs/', import.meta.url))
const packages = ['schema', 'client', 'mock-server', 'contracts']

setup()
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder)
process.stderr.write('Building and packing\n')
const filters = packages.map(name => `--filter=@sendbox/${name}`)
const { status, stdout } = pnpm(
  [...filters, 'pack', '--pack-destination', folder],
  ['ignore', 'pipe', 2],
)
if (status !== 0) {
  process.stderr.write(stdout)
  process.exit(status)
}
const quote = path => (/[^\w@%+=:,./-]/.test(path) ? `'${path.replaceAll("'", "'\\''")}'` : path)
const tarballs = readdirSync(folder).map(name => quote(folder + name))
process.stdout.write(`npm i ${tarballs.join(' ')}\n`)

import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, inject, test } from 'vitest'
import { runNode } from './run-node.ts'

/** Of all that a browser loads, compressed: 52 kB were measured. A page that is slow to load is not looked at. */
const ceilingBytes = 60_000

const folder = (): string =>
  join(inject('consumerFolder'), 'node_modules/@sendbox/mock-server/dashboard')

test('the dashboard is in the tarball, and takes 60 kB of a network at most', async () => {
  const assets = await readdir(join(folder(), 'assets'))
  expect(assets.map(name => name.split('.').at(-1)).toSorted()).toEqual(['css', 'js', 'svg'])
  const files = ['index.html', ...assets.map(name => `assets/${name}`)]
  const contents = await Promise.all(files.map(file => readFile(join(folder(), file))))
  const size = contents.reduce((sum, bytes) => sum + gzipSync(bytes).byteLength, 0)
  expect(size).toBeLessThan(ceilingBytes)
  expect(size).toBeGreaterThan(ceilingBytes / 3)
  const licenses = await readFile(join(folder(), 'licenses.md'), 'utf8')
  for (const name of ['preact', '@preact/signals', '@tanstack/virtual-core'])
    expect(licenses).toContain(`## ${name} - `)
})

test('an installed mock serves the dashboard that it was built with', async () => {
  const script = join(inject('consumerFolder'), 'serve-dashboard.js')
  await writeFile(
    script,
    `import { startMockServer } from '@sendbox/mock-server'
const server = await startMockServer()
const page = await fetch(server.dashboardUrl)
const [, path] = /src="\\.\\/(assets\\/[^"]+\\.js)"/.exec(await page.text())
const script = await fetch(server.dashboardUrl + path)
console.log(page.status, script.status, (await script.text()).length > 10000)
await server.close()
`,
  )
  expect(runNode(script)).toEqual({ status: 0, output: '200 200 true\n' })
})

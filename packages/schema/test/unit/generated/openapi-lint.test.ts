import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const packageFolder = fileURLToPath(new URL('../../../', import.meta.url))
const require = createRequire(import.meta.url)
const redocly = require.resolve('@redocly/cli/bin/cli.js')

/** Disables telemetry and the check for a newer version, which would use the network. */
const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }

function lint(document: string): { status: number | null; output: string } {
  const options = ['--config', join(packageFolder, 'redocly.yaml'), '--format', 'json']
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [redocly, 'lint', document, ...options],
    { cwd: packageFolder, encoding: 'utf8', env, timeout: 25_000 },
  )
  return { status, output: stdout + stderr }
}

test('redocly finds nothing wrong with openapi.json', { timeout: 30_000 }, () => {
  const { status, output } = lint(join(packageFolder, 'openapi.json'))
  expect(status, `redocly says ${output}`).toBe(0)
  expect(output).toMatch(/"totals":\s*\{\s*"errors":\s*0,\s*"warnings":\s*0/)
})

test('redocly finds an example that its schema refuses', { timeout: 30_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sendbox-'))
  try {
    const text = await readFile(join(packageFolder, 'openapi.json'), 'utf8')
    const document = join(folder, 'openapi.json')
    await writeFile(document, text.replace('"chatState": "PAUSE"', '"chatState": "PAUSED"'))
    const { status, output } = lint(document)
    expect(status).toBe(1)
    expect(output).toContain('no-invalid-media-type-examples')
  } finally {
    await rm(folder, { recursive: true })
  }
})

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

/**
 * Most files and functions of the project's own source that one plain text SEND may run. Raise a number only with the reason beside it.
 * Measured when it was set: 28 files, 106 functions; before the way of a SEND was shortened, 45 and 160. Raised from 28 and 110 for the
 * check that `encodedMetadata` is beside a text or a card (REQ-9.1), and for the time to respond that a text starts (WH-8).
 * One file more for the bound of a body's values, which the client has too. One file and four functions more for the checks of a request's head
 * and of web pages, which read three headers. One function for the time that all clocks follow, which no change of the system's clock moves.
 * One file and one function for the settings that an account has of its own.
 * Three functions for the reader of bounds, which also reads a body in parts, so that a compressed one is decompressed no further than them.
 * Two files, one of which was a part of the journal before, and three functions for the counts of rules, and for the name of the caller.
 */
const ceiling = { files: 34, functions: 124 }

test('one plain text SEND runs no more files and functions than the ceiling', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@sendbox/source', '--import', 'tsx', 'scripts/measure-send.ts', '--json'],
    { cwd: fileURLToPath(new URL('../../', import.meta.url)) },
  )
  const { files, functions, calls } = JSON.parse(stdout) as Record<string, number>
  // Fewer would mean that the measure has lost sight of the source.
  expect(calls).toBeGreaterThan(50)
  expect(files).toBeLessThanOrEqual(ceiling.files)
  expect(functions).toBeLessThanOrEqual(ceiling.functions)
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const command = fileURLToPath(new URL('../../packages/mock-server/bin/sendbox.js', import.meta.url))

/** Warns once the command listens, as Node does of a URL that is not valid (DEP0170). */
const warning = `setTimeout(() => process.emitWarning('The URL http://zoe:word@a.example/path?token=secret is invalid', 'DeprecationWarning', 'DEP0170'), 3000)`

test('a warning of Node is a line of the log of the command, without what a URL has behind its host', async () => {
  const child = spawn(process.execPath, [command, 'start', '--port', '0', '--json'], {
    env: {
      ...process.env,
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(warning)}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(line)
    if (line.includes('a warning of Node')) break
  }
  child.kill('SIGTERM')
  const rest = await text(child.stderr)
  if (child.exitCode === null) await once(child, 'exit')
  expect(child.exitCode).toBe(0)
  const warned = lines.filter(
    line => line.includes('DEP0170') || line.includes('a warning of Node'),
  )
  expect(warned.map(line => JSON.parse(line))).toMatchObject([
    {
      level: 'warn',
      msg: 'a warning of Node',
      err: { code: 'DEP0170', message: 'The URL http://<redacted> is invalid' },
    },
  ])
  for (const secret of ['zoe:word', '=secret']) expect(lines.join() + rest).not.toContain(secret)
})

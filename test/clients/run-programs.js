// The command under `sendbox run`: starts each program of the list in a process of its own, and prints how each ended, a line of JSON.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

const run = async ([command, ...args]) => {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { status, stdout, stderr }
}

process.stdout.write(JSON.stringify(await Promise.all(JSON.parse(process.argv[2]).map(run))))

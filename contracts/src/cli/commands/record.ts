import { appendFile, rm } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { startRecorder } from '../../record/recorder.ts'
import { writeTextFile } from '../../report/write.ts'
import { TraceSchema } from '../../traces/trace.ts'
import { readPort, toPortError } from '../read-port.ts'
import { type PlainHttpFlag, readUrl } from '../read-target.ts'
import { CommandError, orRefuse, type Terminal } from '../terminal.ts'

/** The flags of `sendbox-contracts record`. */
export interface RecordFlags extends PlainHttpFlag {
  readonly target: string
  readonly out?: string
  readonly port: string
  readonly tls?: boolean
}

function readName(out: string): string {
  const name = basename(out, '.json')
  if (!out.endsWith('.json') || !TraceSchema.shape.name.safeParse(name).success)
    throw new CommandError(
      `--out "${out}" does not name a trace. Write small letters, digits and hyphens, and .json: --out my-connector.json`,
    )
  return name
}

/** A new name per recording, so that none overwrites an earlier one. */
const toDefaultOut = (now: number): string =>
  `recording-${new Date(now).toISOString().slice(0, 19).replaceAll(/[T:]/g, '-')}.json`

/** Records calls until Ctrl-C, then writes the trace; returns the exit code. */
export async function runRecord(flags: RecordFlags, terminal: Terminal): Promise<number> {
  const { folder, stdout, stderr, now } = terminal
  const { out = toDefaultOut(now()) } = flags
  const name = readName(out)
  const port = readPort(flags.port)
  const { origin } = readUrl(flags.target, flags)
  const path = resolve(folder, out)
  const partial = `${path}.partial`
  await orRefuse(writeTextFile(partial, ''))
  let steps = 0
  let appended = Promise.resolve()
  /** Each step is on disk as soon as it was answered, whatever ends the recording. */
  const append = (step: unknown): void => {
    steps += 1
    appended = appended.then(() => appendFile(partial, `${JSON.stringify(step)}\n`))
    appended.catch(() => undefined)
  }
  const signalled = terminal.waitForSignal()
  const recorder = await orRefuse(
    startRecorder({
      target: origin,
      allowPlainHttp: flags.allowPlainHttp ?? false,
      name,
      port,
      tls: flags.tls ?? false,
      now,
      onCall: ({ title, status, problems, step }) => {
        if (step !== undefined) append(step)
        stdout.write(`${status} ${title}\n${problems.map(problem => `    ${problem}\n`).join('')}`)
      },
    }),
    error => toPortError(error, port),
  )
  stdout.write(
    `Recording ${origin}. Let the connector use ${recorder.url} as its Domain API${flags.tls ? `, or lead it here: eval "$(npx --no -- sendbox env --url ${recorder.url})"` : ''}; Ctrl-C ends it.\n`,
  )
  await signalled
  const trace = await orRefuse(
    recorder.stop(),
    error =>
      `The recording is no trace that replay takes: ${String(error)}\nIts ${steps} steps are in ${partial}, one a line`,
  )
  if (trace === undefined) {
    await rm(partial, { force: true })
    stderr.write('Nothing was recorded: no call of SEND, CONVERSATION or a file came\n')
    return 1
  }
  await writeTextFile(path, `${JSON.stringify(trace, null, 2)}\n`)
  await appended.catch(() => undefined)
  await rm(partial, { force: true })
  stdout.write(
    `Written: ${path}, ${trace.steps.length} steps. It holds what was said: read it before you share it.\n`,
  )
  return 0
}

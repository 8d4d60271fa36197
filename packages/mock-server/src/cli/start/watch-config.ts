import { watch } from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from '../../logger.ts'
import type { Services } from '../../services.ts'
import { parseSettings } from '../../settings.ts'
import type { Flags } from '../options.ts'
import type { Terminal } from '../terminal.ts'
import { readStartOptions, type StartRequest } from './read-options.ts'

/** Time after a change in which an editor may still write, in ms. */
const debounceMs = 100

/** The parts of a config file that may change while the mock runs. */
const reloadedNames: readonly string[] = ['settings', 'accounts']

const findDiffering = (before: StartRequest, next: StartRequest): string[] => {
  const [known, given] = [new Map(Object.entries(before)), new Map(Object.entries(next))]
  return [...new Set([...known.keys(), ...given.keys()])].filter(
    name => !reloadedNames.includes(name) && !isDeepStrictEqual(known.get(name), given.get(name)),
  )
}

/** The mock whose config file is watched. */
interface Watched {
  readonly services: Pick<Services, 'settings' | 'installs' | 'bots'>
  readonly log: Logger
  readonly flags: Flags
  readonly terminal: Pick<Terminal, 'env' | 'folder'>
}

/** Reads the config file again, and applies what differs, all that may change or, of a bad file, nothing; logs which. */
async function reloadConfig(
  before: StartRequest,
  { services, log, flags, terminal }: Watched,
): Promise<void> {
  const read = await readStartOptions(flags, terminal)
  if (!read.ok) {
    log.error(
      { problems: read.refusal },
      'the changed config file is refused: the mock runs on as before',
    )
    return
  }
  const next = read.value
  const { changed, fixed } = services.settings.reload(parseSettings(next.settings ?? {}))
  const accounts = services.installs.redeclare(next.accounts ?? {})
  services.bots.redeclared()
  const options = findDiffering(before, next)
  if (options.length + fixed.length > 0)
    log.warn({ options, settings: fixed }, 'these change at the next start only')
  log.info({ settings: changed, accounts }, 'the config file was read again')
}

/** Watches the folder of a file, as editors replace files; returns a function that ends it. */
export function watchConfig(file: string, before: StartRequest, watched: Watched): () => void {
  let reloading: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const reload = (): void => {
    reloading = reloading.then(() => reloadConfig(before, watched))
  }
  const watcher = watch(path.dirname(file), (_, name) => {
    if (name !== null && name !== path.basename(file)) return
    clearTimeout(timer)
    timer = setTimeout(reload, debounceMs)
  })
  watcher.on('error', error =>
    watched.log.error({ err: error }, 'the config file is watched no more'),
  )
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}

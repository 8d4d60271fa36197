import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync, realpathSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { writeWholeFile } from '../whole-file.ts'
import { DataError } from './data-error.ts'

const lockFile = 'lock.json'

/** The process that has a folder. The times and ids of the system are absent where it has none. */
const OwnerSchema = z.object({
  token: z.string(),
  pid: z.int(),
  /** Inode of the folder: a copy of a folder that is in use is not in use. */
  folder: z.string(),
  /** Start of the process, in clock ticks since the boot. */
  startTime: z.string().exactOptional(),
  bootId: z.string().exactOptional(),
  /** In another namespace, as in a container, other process ids are seen. */
  pidNamespace: z.string().exactOptional(),
})
export type FolderOwner = z.output<typeof OwnerSchema>

/** The processes of the system, or those of a test. */
export interface ProcessTable {
  readonly pid: number
  readonly bootId: string | undefined
  readonly pidNamespace: string | undefined
  /** The start of a process; `undefined` if there is none, or it is dead. */
  readonly startTimeOf: (pid: number) => string | undefined
  readonly isAlive: (pid: number) => boolean
}

/** The result of a read; `undefined` where there is no such file, or one of another form. */
function tryTo<Result>(read: () => Result): Result | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** State and start time of `/proc/<pid>/stat`: fields 3 and 22, behind the name in parentheses. */
function readStartTime(pid: number): string | undefined {
  const stat = tryTo(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  const [state, ...fields] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? []
  return state === 'Z' || state === 'X' ? undefined : fields[18]
}

function isProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

const systemProcesses = (): ProcessTable => ({
  pid: process.pid,
  bootId: tryTo(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
  pidNamespace: tryTo(() => readlinkSync('/proc/self/ns/pid')),
  startTimeOf: readStartTime,
  isAlive: isProcess,
})

/**
 * Whether the owner of a folder, which is given by its inode, is another living process. `false` also where this cannot be seen: the owner is a thread of this process, or lives
 * in another container; LMDB's table of readers tells these.
 */
export function isElsewhere(owner: FolderOwner, folder: string, processes: ProcessTable): boolean {
  if (owner.folder !== folder) return false
  if (owner.bootId !== processes.bootId || owner.pidNamespace !== processes.pidNamespace)
    return false
  if (owner.pid === processes.pid) return false
  if (owner.startTime === undefined) return processes.isAlive(owner.pid)
  return processes.startTimeOf(owner.pid) === owner.startTime
}

/** The folders that this process has open, shared by all copies of this package that it has loaded; worker threads have lists of their own. */
function openFolders(): Set<string> {
  const shared = process as unknown as { [key: symbol]: unknown }
  const key = Symbol.for('sendbox.dataFolders')
  shared[key] ??= new Set<string>()
  return shared[key] as Set<string>
}

/** The error for a folder that somebody else has. */
export const toLockedError = (folder: string, who: string, cause?: unknown): DataError =>
  new DataError(
    'locked',
    folder,
    `is in use by ${who}: stop that mock, or choose another folder`,
    cause,
  )

/**
 * The claim of this mock on a data folder: a list in this process, and a file that names the process. LMDB's table of readers, which the
 * system clears with a process, is the third part; see `openDatabase`.
 */
export class FolderLock {
  readonly token: string = randomUUID()
  readonly #folder: string
  readonly #realFolder: string
  readonly #file: string
  /** Of the written file. */
  #inode: bigint | undefined

  /** Refuses a folder that this process, or another living one, has. */
  constructor(folder: string) {
    this.#folder = folder
    this.#realFolder = realpathSync(folder)
    this.#file = path.join(this.#realFolder, lockFile)
    if (openFolders().has(this.#realFolder)) throw toLockedError(folder, 'this process')
    const owner = this.#readOwner()
    if (owner && isElsewhere(owner, this.#readFolderInode(), systemProcesses()))
      throw toLockedError(folder, `process ${owner.pid}`)
    openFolders().add(this.#realFolder)
  }

  /** Writes the file; call it once LMDB has shown that nobody else reads the folder. */
  async claim(): Promise<void> {
    const { pid, bootId, pidNamespace, startTimeOf } = systemProcesses()
    const startTime = startTimeOf(pid)
    const owner: FolderOwner = {
      token: this.token,
      pid,
      folder: this.#readFolderInode(),
      ...(startTime !== undefined && { startTime }),
      ...(bootId !== undefined && { bootId }),
      ...(pidNamespace !== undefined && { pidNamespace }),
    }
    try {
      await writeWholeFile(this.#file, `${JSON.stringify(owner)}\n`)
    } catch (error) {
      const words =
        'cannot be written to: make room there, or choose one that this user may write to'
      throw new DataError('unwritable', this.#folder, words, error)
    }
    this.#inode = this.#readInode()
  }

  /** Whether the folder still has the file that {@link claim} wrote: it was not removed, and nobody else has claimed it. */
  get isHeld(): boolean {
    return this.#inode !== undefined && this.#readInode() === this.#inode
  }

  /** Gives the folder up, also if it was never claimed. */
  release(): void {
    if (this.isHeld) rmSync(this.#file, { force: true })
    this.#inode = undefined
    openFolders().delete(this.#realFolder)
  }

  #readFolderInode(): string {
    return String(statSync(this.#realFolder, { bigint: true }).ino)
  }

  #readInode(): bigint | undefined {
    return statSync(this.#file, { bigint: true, throwIfNoEntry: false })?.ino
  }

  #readOwner(): FolderOwner | undefined {
    return tryTo(() => OwnerSchema.parse(JSON.parse(readFileSync(this.#file, 'utf8'))))
  }
}

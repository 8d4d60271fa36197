import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that is gone when it is disposed of. */
export async function createTemporaryFolder(): Promise<
  AsyncDisposable & { readonly path: string }
> {
  const path = await mkdtemp(join(tmpdir(), 'sendbox-test-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

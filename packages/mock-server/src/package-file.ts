import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** The path of a file of this package, from source, from `dist` and from the bundled command. */
export const toPackageFile = (path: string): string =>
  fileURLToPath(new URL(`../${path}`, import.meta.url))

let version: Promise<string> | undefined

const read = async (): Promise<string> => {
  const manifest = await readFile(toPackageFile('package.json'), 'utf8')
  return (JSON.parse(manifest) as { readonly version: string }).version
}

/** The version of this package; it is read once. */
export const readPackageVersion = (): Promise<string> => {
  version ??= read()
  return version
}

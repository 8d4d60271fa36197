import { readFile } from 'node:fs/promises'

let version: Promise<string> | undefined

const read = async (): Promise<string> => {
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { readonly version: string }).version
}

/** The version of this package; it is read once. */
export const readPackageVersion = (): Promise<string> => {
  version ??= read()
  return version
}

import { readFile } from 'node:fs/promises'

const root = new URL('../../', import.meta.url)

/** All fences of a language in a README; there is at least one. */
export async function fencesOf(
  language: string,
  readme = 'README.md',
): Promise<readonly [string, ...string[]]> {
  const text = await readFile(new URL(readme, root), 'utf8')
  const [first, ...others] = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(
    ([, found, fence = '']) => (found === language ? [fence] : []),
  )
  if (first === undefined) throw new Error(`${readme} has no fence of ${language}`)
  return [first, ...others]
}

/** The only fence of a language in a README. */
export async function fenceOf(language: string, readme = 'README.md'): Promise<string> {
  const [fence, ...others] = await fencesOf(language, readme)
  if (others.length === 0) return fence
  throw new Error(`${readme} has ${others.length + 1} fences of ${language}, not one`)
}

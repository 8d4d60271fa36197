import { readFile } from 'node:fs/promises'

const root = new URL('../../', import.meta.url)

/** The only fence of a language in a README. */
export async function fenceOf(language: string, readme = 'README.md'): Promise<string> {
  const text = await readFile(new URL(readme, root), 'utf8')
  const [fence, ...others] = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter(
    ([, found]) => found === language,
  )
  if (fence?.[2] === undefined || others.length > 0)
    throw new Error(
      `${readme} has ${others.length + (fence ? 1 : 0)} fences of ${language}, not one`,
    )
  return fence[2]
}

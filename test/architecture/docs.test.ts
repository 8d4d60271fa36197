import { existsSync } from 'node:fs'
import { posix } from 'node:path'
import { expect, test } from 'vitest'
import { packages } from './packages.ts'
import { listFiles, readText, root } from './repository.ts'

/** Relative links of a page that lead to no file, as `page: link`. */
const findDeadLinks = (page: string, text: string): string[] =>
  [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter(link => !/^(?:[a-z]+:|#)/.test(link))
    .filter(link => !existsSync(posix.join(root, posix.dirname(page), link.replace(/#.*/, ''))))
    .map(link => `${page}: ${link}`)

/** The fence under each package's name, by lines. */
const floorsIn = (text: string): Record<string, string[]> =>
  Object.fromEntries(
    [...text.matchAll(/^\*\*(@sendbox\/[a-z-]+)\*\*\n+```\n([\s\S]*?)\n```/gm)].map(
      ([, name = '', floors = '']) => [name, floors.split('\n')],
    ),
  )

test('every relative link of a page leads to a file', async () => {
  const pages = (await listFiles('*.md')).filter(page => !page.startsWith('.changeset/'))
  const dead = await Promise.all(pages.map(async page => findDeadLinks(page, await readText(page))))
  expect(pages.length).toBeGreaterThan(10)
  expect(dead.flat()).toEqual([])
})

test('a planted dead link is named', () => {
  const text =
    'See [one](faults.md#x), [two](gone.md), [three](https://example.com), [four](#here).'
  expect(findDeadLinks('docs/planted.md', text)).toEqual(['docs/planted.md: gone.md'])
})

test('the architecture page shows the floors that the test holds', async () => {
  expect(floorsIn(await readText('docs/architecture.md'))).toEqual(
    Object.fromEntries(
      packages.map(({ name, floors }) => [name, floors.map(rooms => rooms.join(' · '))]),
    ),
  )
})

test('names in code on the architecture page occur in the source', async () => {
  const page = await readText('docs/architecture.md')
  const sources = await Promise.all((await listFiles('packages/*/src/*.ts')).map(readText))
  const all = sources.join('\n')
  const names = [...page.matchAll(/`([a-z]+[A-Z]\w+|[A-Z]\w+)`/g)].map(([, name = '']) => name)
  expect(names.length).toBeGreaterThan(5)
  expect(
    names.filter(name => !new RegExp(`\\b${name}\\b`).test(all) && name !== 'EventSource'),
  ).toEqual([])
})

test('the glossary has at most ten words of our own', async () => {
  const rows = (await readText('docs/glossary.md')).match(/^\| \w/gm) ?? []
  expect(rows.length - 1).toBeLessThanOrEqual(10)
})

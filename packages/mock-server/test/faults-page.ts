import { readFile } from 'node:fs/promises'

/** The code in a cell, such as the names of actions. */
export const codesOf = (text = ''): string[] =>
  [...text.matchAll(/`([^`]*)`/g)].map(([, code = '']) => code)

const page = await readFile(new URL('../../../docs/faults.md', import.meta.url), 'utf8')
const sections = page.split(/^(?=## )/m)

const isOfWebhooks = (section: string): boolean => section.startsWith('## Faults of webhooks\n')

/** The examples of faults in docs/faults.md, those of calls or those of webhooks. */
export const examplesOf = (kind: 'calls' | 'webhooks'): string[] => {
  const text = sections.filter(section => isOfWebhooks(section) === (kind === 'webhooks')).join('')
  return [...text.matchAll(/`(\{"[^`]*)`/g), ...text.matchAll(/-d '(.*)'/g)].map(
    ([, example = '']) => example,
  )
}

/** The cells of the rows of the section under a heading of docs/faults.md; the second of two rows of an action names it too. */
export function rowsOfSection(heading: string): string[][] {
  const section = sections.find(text => text.startsWith(`## ${heading}`)) ?? ''
  const rows = [...section.matchAll(/^\| (.*) \|$/gm)].map(([, row = '']) =>
    row.split(' | ').map(cell => cell.trim()),
  )
  let first = ''
  return rows.slice(2).map(([name = '', ...cells]) => {
    if (name !== '') first = name
    return [first, ...cells]
  })
}

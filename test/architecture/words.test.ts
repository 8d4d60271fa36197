import { expect, test } from 'vitest'
import { findWords } from '../../scripts/words/find-words.ts'

const wordsIn = (path: string, ...lines: string[]): string[] =>
  findWords(path, lines.join('\n')).map(({ line, word }) => `${line} ${word}`)

// The words are put together here, so that this file does not use them itself.
const planted = (...parts: string[]): string => parts.join('')

test('a planted word in a comment is named with its line and the word to use', () => {
  const source = ['const a = 1', `// It is ${planted('an', 'ew')}.`, 'const b = 2'].join('\n')
  expect(findWords('planted.ts', source)).toEqual([
    { line: 2, word: 'anew', write: '"again", "is reset"' },
  ])
})

test('a phrase is found across the lines of a block and of line comments', () => {
  const block = ['/**', ' * All come at', ' * once.', ' */', '// It goes', '// on.']
  expect(wordsIn('planted.ts', ...block)).toEqual(['2 at once', '5 goes on'])
})

test('strings, templates, regular expressions, code spans and identifiers are no prose', () => {
  const source = [
    `const told = 'told // told'`,
    'const text = `/* told */`',
    'const pattern = /[/*] told/',
    '// `told` is the name of a field.',
  ]
  expect(wordsIn('planted.ts', ...source)).toEqual([])
})

test('code or an empty line between two comments separates them', () => {
  const source = ['// All come at', 'const a = 1', '// once.', '// It is', '', '// there.']
  expect(wordsIn('planted.ts', ...source)).toEqual([])
})

test('a comment whose sentence begins with the word What is named; a page may ask', () => {
  expect(wordsIn('planted.ts', '/** What it is. */', '// Good. What it is not.')).toEqual([
    '1 What',
    '2 What',
  ])
  expect(wordsIn('planted.md', '# What it is')).toEqual([])
})

test('a planted word in a page is named, and none in a fence or a code span', () => {
  const page = ['# Title', '```sh', 'told', '```', 'It is told here, and `told` there.']
  expect(wordsIn('planted.md', ...page)).toEqual(['5 told'])
})

import { parseSync } from 'oxc-parser'
import { forbiddenWords } from './forbidden-words.ts'

/** One use of a forbidden word. */
export interface WordUse {
  readonly line: number
  readonly word: string
  readonly write: string
}

/** Replaces text that is no prose: code, or a fence of a page. */
const noProse = '\0'

/** Only the lines of a text, which no phrase crosses. */
const blank = (text: string): string => noProse + text.replaceAll(/[^\n]/g, '')

/** A code span within prose is one opaque word of the same length. */
const maskSpans = (text: string): string =>
  text.replaceAll(/`[^`\n]+`/g, span => '_'.repeat(span.length))

/** The comments of a source, on their lines; code and empty lines between comments separate them. */
function commentsOf(path: string, source: string): string {
  let prose = ''
  let end = 0
  for (const comment of parseSync(path, source).comments) {
    const code = source.slice(end, comment.start)
    const text = source.slice(comment.start, comment.end)
    prose += code.trim() === '' && !/\n\s*\n/.test(code) ? code : blank(code)
    prose += maskSpans(
      text.replaceAll(/^\/[/*]\**|\*\/$|^[ \t]*\*+(?!\/)/gm, marker => ' '.repeat(marker.length)),
    )
    end = comment.end
  }
  return prose + blank(source.slice(end))
}

/** The prose of a Markdown page; fences are blank. */
const proseOf = (page: string): string =>
  maskSpans(page.replaceAll(/^( *)(```+|~~~+)[\s\S]*?^\1\2[^\n]*$/gm, blank))

/** Every forbidden word in the comments of a source, or in the prose of a Markdown page. */
export function findWords(path: string, text: string): WordUse[] {
  const isPage = path.endsWith('.md')
  const prose = isPage ? proseOf(text) : commentsOf(path, text)
  return forbiddenWords
    .filter(({ isForPages }) => isForPages || !isPage)
    .flatMap(({ pattern, write }) =>
      [...prose.matchAll(pattern)].map(({ index, 0: found }) => ({
        line: prose.slice(0, index).split('\n').length,
        word: found.replaceAll(/\s+/g, ' '),
        write,
      })),
    )
    .toSorted((one, other) => one.line - other.line)
}

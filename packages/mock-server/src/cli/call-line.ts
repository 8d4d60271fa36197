import type { z } from 'zod'
import type { CallEventSchema } from '../events/event.ts'
import { escapeControls, styleFor, type TerminalOutput, type TextStyle } from './terminal.ts'

/** A call as the streams of events have it. */
export type CallEvent = z.output<typeof CallEventSchema>

/** A word of a line, and its style. */
type Word = readonly [text: string, style?: TextStyle]

/** The longest path or consumer's id of a line, in characters. */
const maxTextLength = 200

const shorten = (text: string): string =>
  text.length > maxTextLength ? `${text.slice(0, maxTextLength)}…` : text

const toStatusStyle = (status = 500, problem?: string, rule?: string): TextStyle =>
  status >= 400 || problem !== undefined ? 'red' : rule === undefined ? 'green' : 'yellow'

/** The facts of a call in their order; a text of several words may be wrapped between them. */
function toWords(call: CallEvent, time: string): Word[] {
  const { operation, method, path, status, consumer, conversationId, sequence } = call
  const { faultId, problem, rule } = call
  const texts: readonly (readonly [text: string | undefined, style?: TextStyle])[] = [
    [time, 'dim'],
    [status?.toString() ?? '---', toStatusStyle(status, problem, rule)],
    [operation ?? `${method} ${shorten(path)}`, 'bold'],
    [consumer && shorten(consumer)],
    [conversationId && shorten(conversationId), 'dim'],
    [sequence === undefined ? undefined : `#${sequence}`],
    [faultId, 'yellow'],
    [problem],
    [rule, 'dim'],
  ]
  return texts.flatMap(([text = '', style]) =>
    text
      .split(' ')
      .filter(word => word !== '')
      .map((word): Word => (style === undefined ? [word] : [word, style])),
  )
}

/**
 * Formats a call for a person: time, status (`---` if a fault left it without), operation, or method and path of a request that is none,
 * consumer, conversation, sequence number, fault, and why it was refused, by which rule. On a terminal, words beyond its width continue
 * in indented lines, so that a sentence is never cut; in a file or a pipe a call is one line.
 */
export function toCallLine(call: CallEvent, time: string, output: TerminalOutput): string {
  const { columns: width = Number.POSITIVE_INFINITY } = output
  const indent = time.length + 5
  let line = ''
  let column = 0
  for (const [text, style] of toWords(call, time)) {
    const word = escapeControls(text)
    const isWide = column > indent && column + 1 + word.length > width
    const gap = column === 0 ? '' : isWide ? `\n${' '.repeat(indent)}` : ' '
    column = isWide ? indent + word.length : column + gap.length + word.length
    line += gap + (style === undefined ? word : styleFor(output, style, word))
  }
  return `${line}\n`
}

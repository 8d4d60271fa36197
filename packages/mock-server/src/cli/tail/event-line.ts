import type { StreamedEvent } from '../../control-client/events.ts'
import { toCallLine } from '../call-line.ts'
import { escapeControls, styleFor, type TerminalOutput, type TextStyle } from '../terminal.ts'

/** The parts of a line behind the time, and its colour. */
interface Line {
  readonly style: TextStyle
  readonly words: readonly (string | number | null | undefined)[]
}

function toLine({ event, data }: Exclude<StreamedEvent, { event: 'call' }>): Line {
  switch (event) {
    case 'conversation': {
      const { conversationId, dialogId, change, sequence } = data
      const dialog = dialogId === conversationId ? undefined : dialogId
      const number = sequence === undefined ? undefined : `#${sequence}`
      return { style: 'cyan', words: [change, conversationId, dialog, number] }
    }
    case 'delivery': {
      const { deliveryId, conversationId, attempt, status, nextAttemptAt } = data
      const next =
        nextAttemptAt === undefined
          ? undefined
          : `again at ${new Date(nextAttemptAt).toISOString()}`
      const isGood = status === undefined || status === 200 || status === 201
      return {
        style: isGood ? 'magenta' : 'red',
        words: ['webhook', deliveryId, conversationId, `attempt ${attempt}`, status, next],
      }
    }
    case 'fault':
      return { style: 'yellow', words: ['fault', data.faultId] }
    case 'clock': {
      const now = new Date(data.now).toISOString()
      return { style: 'blue', words: ['clock', now, data.frozen ? 'frozen' : 'running'] }
    }
    case 'gap':
      return { style: 'yellow', words: ['some events are missing here'] }
    case 'dropped':
      return { style: 'yellow', words: ['the mock dropped this reader, which was too slow'] }
    default:
      return { style: 'blue', words: [event] }
  }
}

/** Formats an event for a person: time of day in UTC, account, then its facts, in colour on a terminal; a call as {@link toCallLine} does. */
export function toEventLine(event: StreamedEvent, output: TerminalOutput): string {
  const { at, accountId } = { at: undefined, accountId: undefined, ...event.data }
  const time = at === undefined ? '' : new Date(at).toISOString().slice(11, 23)
  if (event.event === 'call') return toCallLine(event.data, `${time} ${accountId ?? '-'}`, output)
  const { style, words } = toLine(event)
  const facts = words.filter(word => word !== undefined && word !== null && word !== '')
  const [first = '', ...others] = facts.map(word => escapeControls(String(word)))
  const origin = styleFor(output, 'dim', `${time} ${escapeControls(accountId ?? '-')}`)
  return `${[origin, styleFor(output, style, first), ...others].join(' ')}\n`
}

import type { StreamedEvent } from '../../control-client/events.ts'
import { escapeControls, styleFor, type TerminalOutput, type TextStyle } from '../terminal.ts'

/** The parts of a line behind the time, and its colour. */
interface Line {
  readonly style: TextStyle
  readonly words: readonly (string | number | null | undefined)[]
}

const styleOf = (status: number | undefined): TextStyle =>
  status === undefined || status >= 500 ? 'red' : status >= 400 ? 'yellow' : 'green'

function toLine({ event, data }: StreamedEvent): Line {
  switch (event) {
    case 'call': {
      const { status, operation, method, path, consumer, conversationId, sequence } = data
      const name = operation ?? `${method} ${path}`.trim()
      const number = sequence === undefined ? undefined : `#${sequence}`
      const reason = [data.rule, data.problem].filter(Boolean).join(' ')
      const words = [status ?? 'no answer', name, consumer, conversationId, number, data.faultId]
      return { style: styleOf(status), words: [...words, reason] }
    }
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

/** Formats an event for a person: time of day in UTC, account, then its facts, in colour on a terminal. */
export function toEventLine(event: StreamedEvent, output: TerminalOutput): string {
  const { style, words } = toLine(event)
  const { at, accountId } = { at: undefined, accountId: undefined, ...event.data }
  const time = at === undefined ? '' : new Date(at).toISOString().slice(11, 23)
  const facts = words.filter(word => word !== undefined && word !== null && word !== '')
  const [first = '', ...others] = facts.map(word => escapeControls(String(word)))
  const origin = styleFor(output, 'dim', `${time} ${escapeControls(accountId ?? '-')}`)
  return `${[origin, styleFor(output, style, first), ...others].join(' ')}\n`
}

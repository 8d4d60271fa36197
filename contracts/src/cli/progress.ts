import { toItemLines } from '../report/terminal-report.ts'
import type { VerifiedItem } from '../verify/verify-result.ts'
import { type TerminalOutput, widthOf } from './terminal.ts'

/** Shows a run while it runs. */
export interface Progress {
  onStart(name: string): void
  onItem(item: VerifiedItem): void
}

const clearLine = '\r\u001B[2K'

/** Writes a line for each item that is done; on a terminal also what runs at the moment. */
export function createProgress(output: TerminalOutput): Progress {
  const isTerminal = output.isTTY === true
  return {
    onStart(name) {
      if (isTerminal) output.write(`${clearLine}${`… ${name}`.slice(0, widthOf(output) - 1)}`)
    },
    onItem(item) {
      output.write(`${isTerminal ? clearLine : ''}${toItemLines(item, output)}`)
    },
  }
}

import { createInterface } from 'node:readline/promises'
import { toItemLines } from '../report/terminal.ts'
import type { VerificationOptions } from '../verify/run-verification.ts'
import type { ServiceTarget } from '../verify/verify-at-service.ts'
import { CommandError, type Terminal, type TerminalOutput, widthOf } from './terminal.ts'

/** The size of a run against a service. */
export interface RunPlan {
  readonly service: ServiceTarget
  readonly traces: number
  readonly interactions: number
}

const describePlan = ({ service, traces, interactions }: RunPlan): string =>
  `About to call ${service.domainApiUrl} as account ${service.accountId}:
  - ${traces} traces and ${interactions} interactions of pacts, each as a new consumer
  - they open conversations of their own, send texts, receipts and small files into these, and close them
  - agents of the account may see them; nothing else of the account is read or changed
`

/** Shows the plan and asks for consent; throws a `CommandError` without consent, or if nobody can be asked. */
export async function askConsent(
  plan: RunPlan,
  { yes }: { readonly yes?: boolean | undefined },
  { stdin, stderr }: Pick<Terminal, 'stdin' | 'stderr'>,
): Promise<void> {
  stderr.write(describePlan(plan))
  if (yes) return
  if (stdin.isTTY !== true)
    throw new CommandError('Nobody can be asked here. Add --yes to go on without a question')
  const questions = createInterface({ input: stdin, output: stderr })
  try {
    const answer = await questions.question('Go on? [y/N] ')
    if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('Nothing was called')
  } finally {
    questions.close()
  }
}

const clearLine = '\r\u001B[2K'

/** Writes a line for each verified item; on a terminal also the name of the current one. */
export function createProgress(
  output: TerminalOutput,
): Required<Pick<VerificationOptions, 'onStart' | 'onItem'>> {
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

import { createRandom } from '../hostile/random.ts'
import { checkTalk, checkTold } from './check-survival.ts'
import type { LaneOptions, LaneReport } from './kill-lanes.ts'
import { createCaller, createTold, openTalk, type Talk, talkOn, tellOn, untilGone } from './load.ts'
import {
  checkReplaced,
  createReplacedAccount,
  type ReplacedAccount,
  replaceOn,
} from './replaced-account.ts'
import { killWhileStarting, sourceProgram, startProgram } from './start-mock.ts'

/** The results so far. */
export interface KillReport extends LaneReport {
  /** Counted sends that had been answered before a kill. */
  readonly acknowledged: number
  /** Sends without a response that were persisted nevertheless. */
  readonly inFlight: number
}

const accountIds = ['100', '200']

/** The account that is born in a round, after a restart. */
const toBornId = (round: number): string => `born-${round}`

/** Every so many rounds the mock is killed once more, while it starts. */
const startKillEvery = 3

const talksPerAccount = 4
const workersPerTalk = 3
const connections = 48

/** After how many answers the mock is killed, at least and beyond that. */
const leastAnswers = 40
const moreAnswers = 800

/** How many talks of earlier rounds are looked at again. */
const olderTalks = 2

/**
 * Sends from many workers to a mock with a data folder, kills it at a random moment, starts it again, and compares what it has with what
 * was answered; again and again on the same folder. Each round has an account that is new, and one that is reset and restored meanwhile.
 */
export async function runKillRounds(options: LaneOptions<KillReport>): Promise<KillReport> {
  const { folder, program = sourceProgram } = options
  const flags = ['--data', folder, '--seed', 'kill']
  const random = createRandom(options.seed)
  const told = new Map(accountIds.map(accountId => [accountId, createTold()]))
  const old: Talk[] = []
  let replaced: ReplacedAccount | undefined
  let report: KillReport = { rounds: 0, acknowledged: 0, inFlight: 0, problems: [] }
  for (let round = 1; round <= options.rounds; round += 1) {
    const talks: Talk[] = []
    const problems: string[] = []
    let startMs = 0
    {
      await using mock = await startProgram(program, flags)
      const caller = createCaller(mock.url, connections)
      startMs = mock.startMs
      replaced ??= await createReplacedAccount(caller, 'replaced')
      for (const accountId of [...accountIds, toBornId(round)])
        for (let index = 0; index < talksPerAccount; index += 1)
          talks.push(await openTalk(caller, accountId, `consumer-${round}-${index}`))
      let left = leastAnswers + random.below(moreAnswers)
      const noteAnswer = (): void => {
        left -= 1
        if (left === 0) mock.child.kill('SIGKILL')
      }
      const refusals = await untilGone([
        ...talks.flatMap(talk =>
          Array.from({ length: workersPerTalk }, (_, worker) =>
            talkOn(caller, talk, worker, noteAnswer),
          ),
        ),
        ...[...told].map(([accountId, what]) => tellOn(caller, accountId, what, round)),
        replaceOn(caller, replaced),
      ])
      problems.push(...refusals)
      await caller.destroy()
    }
    if (round % startKillEvery === 0)
      await killWhileStarting(program, folder, random.below(startMs))
    await using mock = await startProgram(program, flags)
    const caller = createCaller(mock.url, 4)
    problems.push(...(await checkReplaced(caller, replaced)))
    let { acknowledged, inFlight } = report
    for (const talk of talks) {
      const found = await checkTalk(caller, talk)
      acknowledged += found.acknowledged
      inFlight += found.inFlight
      problems.push(...found.problems)
    }
    const older = Array.from({ length: old.length > 0 ? olderTalks : 0 }, () => random.pick(old))
    const born = old.filter(({ accountId }) => accountId === toBornId(round - 1))
    for (const talk of new Set([...older, ...born]))
      problems.push(...(await checkTalk(caller, talk)).problems)
    for (const [accountId, what] of told)
      problems.push(...(await checkTold(caller, accountId, what)))
    await caller.destroy()
    old.push(...talks)
    report = {
      rounds: round,
      acknowledged,
      inFlight,
      problems: [...report.problems, ...problems.map(problem => `round ${round}: ${problem}`)],
    }
    options.onRound?.(report)
  }
  return report
}

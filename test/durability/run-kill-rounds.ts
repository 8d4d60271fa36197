import { createRandom } from '../hostile/random.ts'
import { checkTalk, checkTold } from './check-survival.ts'
import { createCaller, createTold, openTalk, type Talk, talkOn, tellOn } from './load.ts'
import { startMock } from './start-mock.ts'

interface KillRoundsOptions {
  /** Where the mock keeps its data, over all rounds. */
  readonly folder: string
  readonly rounds: number
  /** Decides when the mock is killed. */
  readonly seed: number
  readonly onRound?: (report: KillReport) => void
}

/** The results so far. */
export interface KillReport {
  readonly rounds: number
  /** Counted sends that had been answered before a kill. */
  readonly acknowledged: number
  /** Sends without a response that were persisted nevertheless. */
  readonly inFlight: number
  /** The problems, one per line; must be empty. */
  readonly problems: readonly string[]
}

const accountIds = ['100', '200']
const talksPerAccount = 4
const workersPerTalk = 3
const connections = 48

/** After how many answers the mock is killed, at least and beyond that. */
const leastAnswers = 40
const moreAnswers = 800

/** How many talks of earlier rounds are looked at again. */
const olderTalks = 2

/** Resolves with what ended the work: the mock was killed, so that calls fail. */
const untilGone = async (work: readonly Promise<void>[]): Promise<unknown[]> =>
  (await Promise.allSettled(work)).flatMap(result =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  )

/** A call that was refused is a fault of the test or of the mock; one that broke off is what a kill does. */
const isRefusal = (reason: unknown): boolean =>
  reason instanceof Error && !('code' in reason) && !(reason instanceof SyntaxError)

/**
 * Sends from many workers to a mock with a data folder, kills it at a random moment, starts it again, and compares what it has with what
 * was answered; again and again on the same folder.
 */
export async function runKillRounds(options: KillRoundsOptions): Promise<KillReport> {
  const random = createRandom(options.seed)
  const told = new Map(accountIds.map(accountId => [accountId, createTold()]))
  const old: Talk[] = []
  let report: KillReport = { rounds: 0, acknowledged: 0, inFlight: 0, problems: [] }
  for (let round = 1; round <= options.rounds; round += 1) {
    const talks: Talk[] = []
    const problems: string[] = []
    {
      await using mock = await startMock('--data', options.folder, '--seed', 'kill')
      const caller = createCaller(mock.url, connections)
      for (const accountId of accountIds)
        for (let index = 0; index < talksPerAccount; index += 1)
          talks.push(await openTalk(caller, accountId, `consumer-${round}-${index}`))
      let left = leastAnswers + random.below(moreAnswers)
      const noteAnswer = (): void => {
        left -= 1
        if (left === 0) mock.child.kill('SIGKILL')
      }
      const reasons = await untilGone([
        ...talks.flatMap(talk =>
          Array.from({ length: workersPerTalk }, (_, worker) =>
            talkOn(caller, talk, worker, noteAnswer),
          ),
        ),
        ...[...told].map(([accountId, what]) => tellOn(caller, accountId, what, round)),
      ])
      problems.push(...reasons.filter(isRefusal).map(String))
      await caller.destroy()
    }
    await using mock = await startMock('--data', options.folder, '--seed', 'kill')
    const caller = createCaller(mock.url, 4)
    let { acknowledged, inFlight } = report
    for (const talk of talks) {
      const found = await checkTalk(caller, talk)
      acknowledged += found.acknowledged
      inFlight += found.inFlight
      problems.push(...found.problems)
    }
    for (let index = 0; index < olderTalks && old.length > 0; index += 1)
      problems.push(...(await checkTalk(caller, random.pick(old))).problems)
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

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { MockProgram } from './start-mock.ts'

/** The options of the rounds of one lane. */
export interface LaneOptions<Report> {
  /** Where the mock keeps its data, over all rounds. */
  readonly folder: string
  readonly rounds: number
  /** Decides when the mock is killed. */
  readonly seed: number
  /** @default from source */
  readonly program?: MockProgram
  /** Called with the results so far. */
  readonly onRound?: (report: Report) => void
}

/** Figures to be added up, and the problems, one per line. */
export interface LaneReport {
  readonly rounds: number
  readonly acknowledged: number
  readonly problems: readonly string[]
}

function addReports<Report extends LaneReport>(reports: readonly Report[]): Report {
  const [first] = reports
  const sums = Object.keys(first ?? {}).map(field => {
    const values = reports.map(report => report[field as keyof Report])
    const isList = values.some(Array.isArray)
    return [field, isList ? values.flat() : values.reduce((sum, value) => sum + Number(value), 0)]
  })
  return Object.fromEntries(sums) as Report
}

interface LanesOptions<Report> extends Omit<LaneOptions<Report>, 'folder'> {
  /** How many mocks are killed in parallel, each with a folder of its own. */
  readonly lanes: number
}

/** Runs rounds in lanes, and adds up their reports; a lane's folder stays where it has a problem. */
export async function runInLanes<Report extends LaneReport>(
  run: (options: LaneOptions<Report>) => Promise<Report>,
  { lanes, rounds, seed, onRound, ...options }: LanesOptions<Report>,
): Promise<Report> {
  const latest = new Map<number, Report>()
  const runLane = async (lane: number): Promise<Report> => {
    const folder = await mkdtemp(path.join(tmpdir(), 'sendbox-kill-'))
    const report = await run({
      ...options,
      folder,
      rounds: Math.floor((rounds + lane) / lanes),
      seed: seed * lanes + lane,
      onRound(ofLane) {
        latest.set(lane, ofLane)
        onRound?.(addReports([...latest.values()]))
      },
    })
    if (report.problems.length === 0) await rm(folder, { recursive: true })
    const problems = report.problems.map(problem => `${folder}: ${problem}`)
    return { ...report, problems }
  }
  return addReports(await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(lane))))
}

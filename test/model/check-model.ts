import * as fc from 'fast-check'
import { type Action, anyAction } from './action.ts'
import { Oracle, type OracleSettings } from './oracle.ts'
import { compareAll, perform } from './perform.ts'
import { type Meddle, type System, startMs, startSystem } from './system.ts'

/** How the mock and the oracle are compared. */
export interface ModelRunOptions {
  /** How many steps are made, about. */
  readonly steps: number
  readonly seed: number
  /** Which counterexample is tried alone, as a failure printed it. */
  readonly path?: string | undefined
  /** Which of its steps were made, as a failure printed it. */
  readonly replayPath?: string | undefined
  /** Falsifies answers. @default none */
  readonly meddle?: Meddle
  /** Whether a failure is shortened, which takes as many steps as it needs. @default true */
  readonly isShortened?: boolean
  /** Called after each run with the number of its steps. */
  readonly onProgress?: (steps: number) => void
}

/** The result of a run; a failure has the command that repeats it. */
export type ModelRunResult =
  | { readonly ok: true; readonly steps: number }
  | { readonly ok: false; readonly steps: number; readonly replay: string; readonly report: string }

class ActionCommand implements fc.AsyncCommand<Oracle, System> {
  readonly action: Action
  readonly onStep: () => void

  constructor(action: Action, onStep: () => void) {
    this.action = action
    this.onStep = onStep
  }

  check(): boolean {
    return true
  }

  async run(oracle: Oracle, system: System): Promise<void> {
    this.onStep()
    await perform(this.action, oracle, system)
  }

  toString(): string {
    return JSON.stringify(this.action)
  }
}

/** A third of the runs has a data folder, and so may be started again. */
const isKept = fc.nat(2).map(number => number === 2)

const settings: fc.Arbitrary<OracleSettings> = fc.record({
  mode: fc.constantFrom('as-service', 'strict'),
  secondConversation: fc.constantFrom('reject', 'reuse', 'allow'),
  survey: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
  autoMessages: fc.record({ enabled: fc.boolean(), text: fc.constant('An agent comes soon') }),
})

/** A run is at most so long; those of fast-check are half of it on the average. */
const longestRun = 200

const toReplay = (seed: number, path: string, replayPath: string): string =>
  `pnpm --filter @sendbox/test run model --seed ${seed} --path "${path}" --replay-path "${replayPath}"`

const replayPathIn = (commands: string): string => /replayPath="([^"]*)"/.exec(commands)?.[1] ?? ''

/** Lets random consumers, agents, clocks and faults loose on a mock, and holds each answer and each conversation against the oracle. */
export async function checkModel(options: ModelRunOptions): Promise<ModelRunResult> {
  const { seed, path, replayPath, meddle, isShortened = true, onProgress } = options
  let steps = 0
  let isShortening = false
  const toCommand = (action: Action): ActionCommand =>
    new ActionCommand(action, () => {
      steps += 1
    })
  const commands = fc.commands([anyAction.map(toCommand)], {
    maxCommands: longestRun,
    size: 'max',
    ...(replayPath && { replayPath }),
  })
  const property = fc.asyncProperty(settings, isKept, commands, async (chosen, kept, sequence) => {
    const isEnough = path === undefined && !isShortening && steps >= options.steps
    if (isEnough) return
    await using system = await startSystem(chosen, { meddle, isKept: kept })
    const setup = () => ({ model: new Oracle(chosen, startMs), real: system })
    let model: Oracle | undefined
    try {
      await fc.asyncModelRun(() => {
        const prepared = setup()
        model = prepared.model
        return prepared
      }, sequence)
      if (model) await compareAll(model, system)
    } catch (error) {
      isShortening = true
      throw error
    }
    onProgress?.(steps)
  })
  const numRuns = Math.ceil(options.steps / 20)
  const details = await fc.check(property, {
    seed,
    numRuns,
    endOnFailure: path !== undefined || !isShortened,
    ...(path !== undefined && { path }),
  })
  if (!details.failed) return { ok: true, steps }
  const [chosen, kept, commandsMade] = details.counterexample ?? []
  const sequence = fc.stringify(commandsMade)
  const replay = toReplay(details.seed, details.counterexamplePath ?? '', replayPathIn(sequence))
  const report = `${String(details.errorInstance)}\n${JSON.stringify(chosen)}${kept ? ' with a data folder' : ''}\n${sequence}`
  return { ok: false, steps, replay, report }
}

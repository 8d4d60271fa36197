import { createProblem, type InputProblem, type Problem } from '@sendbox/schema'

/** A part of a scenario that is refused; of what SEND refuses too, with the rule and its evidence. */
export type ScenarioProblem = InputProblem & Partial<Pick<Problem, 'rule' | 'evidence'>>

/** The keys that lead to a part of a scenario. */
export type ScenarioPath = readonly (string | number)[]

const toPointer = (path: ScenarioPath): string => path.map(key => `/${key}`).join('')

/** A problem of a part, as one of the whole that has it at `path`. */
export const problemAt = (path: ScenarioPath, problem: ScenarioProblem): ScenarioProblem => {
  const pointer = toPointer(path)
  const named = problem.message.startsWith(problem.path || 'The payload')
    ? problem.message.slice((problem.path || 'The payload').length)
    : `: ${problem.message}`
  return { ...problem, path: pointer + problem.path, message: pointer + problem.path + named }
}

/** A problem without a rule. */
export function createScenarioProblem(
  path: ScenarioPath,
  expected: string,
  received: unknown,
): ScenarioProblem {
  const {
    rule: _,
    evidence: __,
    ...problem
  } = createProblem({
    path,
    expected,
    received,
    rule: 'REQ-1',
  })
  return problem
}

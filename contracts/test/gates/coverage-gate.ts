import { type OperationId, operations, type RuleId, rules } from '@sendbox/schema'
import { findOperation } from '../../src/find-operation.ts'
import type { DeclaredInteraction } from '../../src/pact/interactions.ts'
import type { PactFile } from '../../src/pact/pact-file.ts'
import type { Trace } from '../../src/traces/trace.ts'

const own = 'Sendbox has it, the service does not'
const unseen = 'no trace and no interaction shows it'
const inRows = 'the rows of test/rules show it:'

/** The reason of each rule that neither an interaction nor a trace shows. */
export const ruleExceptions: Readonly<Partial<Record<RuleId, string>>> = {
  'EP-5.3': own,
  'EP-8.2': own,
  'EP-8.5': own,
  'EP-8.6': `${inRows} a contract does not choose the host that its calls name`,
  'RES-9': own,
  'RES-9a': own,
  'WH-1.2': own,
  'EP-12a': unseen,
  'EP-18.2': own,
  'PUB-2a.3': unseen,
  'REQ-9.1': unseen,
  'REQ-9.2': unseen,
  'WH-4.3': unseen,
  'SEQ-6': `${own}; the tests of the model show it with calls in flight`,
  'UPD-3a.2': `${own}; traces about surveys set it`,
  'WH-12.2': own,
  'WH-13': own,
  'AUTH-8': `${inRows} no client holds a signed AppJWT that lacks a claim`,
  'AUTH-8a': `${inRows} no client holds a signed AppJWT that lacks a claim`,
  'URL-3.2': `${inRows} day and month are told apart only by a clock that is set`,
  'EP-17.1': `${inRows} a contract is a program, and only pages see CORS`,
  'EP-17.2': `${inRows} a contract is a program, and only pages see CORS`,
  'EP-19.1': `${inRows} a trace has no response headers, which have the revision`,
  'RES-1b': 'assumed, and no client depends on the character set',
  'RES-8.1': `${inRows} a contract that floods a service would do harm`,
  'RES-8.2': `${inRows} a contract that floods a service would do harm`,
  'SEQ-5': 'a contradiction that is not imitated',
  'WH-10.2': 'a manifest is no call of the API; the tests of the mock show it',
  'WH-12.1': 'it takes minutes of a slow endpoint; the tests of the mock show it by the clock',
}

/** The contract, and the rules that it does not cover. */
export interface Coverage {
  readonly interactions: readonly DeclaredInteraction[]
  readonly traces: readonly Trace[]
  /** The reason of each rule that is not covered. */
  readonly exceptions: Readonly<Partial<Record<RuleId, string>>>
}

/** Every rule has an interaction or a trace, or else a reason; each reason belongs to an uncovered rule. */
export function checkRules({ interactions, traces, exceptions }: Coverage): string[] {
  const shown = new Set<string>([
    ...interactions.flatMap(interaction => interaction.rules),
    ...traces.flatMap(({ steps }) => steps.flatMap(step => step.rules)),
  ])
  const known = rules.map(({ id }) => id)
  const excepted = Object.entries(exceptions)
  return [
    ...known
      .filter(id => !shown.has(id) && exceptions[id] === undefined)
      .map(id => `Rule ${id} has neither an interaction nor a trace, nor a reason for that`),
    ...excepted
      .filter(([id]) => !known.includes(id as RuleId))
      .map(([id]) => `Rule ${id} is excepted, but there is none`),
    ...excepted
      .filter(([id]) => shown.has(id))
      .map(([id]) => `Rule ${id} is excepted, but has an interaction or a trace`),
    ...excepted
      .filter(([, reason]) => reason === '')
      .map(([id]) => `Rule ${id} is excepted without a reason`),
  ]
}

/** Every operation has an interaction or a trace. */
export function checkOperations(pact: PactFile, traces: readonly Trace[]): string[] {
  const called = new Set<OperationId | undefined>([
    ...pact.interactions.map(interaction =>
      interaction.type === 'Synchronous/HTTP'
        ? findOperation(interaction.request.method, interaction.request.path)
        : undefined,
    ),
    ...traces.flatMap(({ steps }) =>
      steps.map(step => (step.do === 'call' ? step.operation : undefined)),
    ),
  ])
  const ids = Object.keys(operations) as OperationId[]
  return ids
    .filter(id => !called.has(id))
    .map(id => `Operation ${id} has neither an interaction nor a trace`)
}

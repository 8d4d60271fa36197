import { writeFile } from 'node:fs/promises'
import { isCall, type NamedInteraction, rulesOf, statesOf } from '../pact/pact-file.ts'
import type { Trace } from '../traces/trace.ts'
import type { Gateway } from './gateway.ts'
import { findMismatches, type PactVerifier, toDishonoured } from './pact-verifier.ts'
import type { VerifiedItem } from './verify-result.ts'

/** An item without its duration. */
export type UntimedItem = Omit<VerifiedItem, 'durationMs'>

/** The item of a verification, and the conversations that it left open. */
export interface ItemOutcome {
  readonly item: UntimedItem
  /** @default [] */
  readonly leftOpen?: readonly string[]
}

/** The verifier that the interactions of a run share. */
export interface PactRun {
  readonly verifier: PactVerifier
  /** Path of the pact file of the current interaction, which is written here. */
  readonly pactFile: string
}

/** Verifies items against one target; `run` is part of the ids of their consumers. */
export interface ItemVerifier {
  /** Whether a provider state can be set up. */
  isReachable(state: string): boolean
  /** Whether the service can be made to send the message of a description. */
  canProduce(description: string): boolean
  verifyTrace(trace: Trace, run: string): Promise<ItemOutcome>
  verifyInteraction(named: NamedInteraction, run: string, pactRun: PactRun): Promise<ItemOutcome>
}

/** The reason to skip an interaction, or `undefined`. */
export function toSkipReason(
  { interaction }: NamedInteraction,
  { isReachable, canProduce }: Pick<ItemVerifier, 'isReachable' | 'canProduce'>,
): string | undefined {
  if (!isCall(interaction))
    return canProduce(interaction.description)
      ? undefined
      : 'it is a message, not a call, and nothing here makes the service send it'
  const unreachable = statesOf(interaction).filter(state => !isReachable(state))
  return unreachable.length === 0
    ? undefined
    : `calls of a consumer do not bring about ${unreachable.map(state => `"${state}"`).join(', ')}`
}

/** The item of a skipped interaction. */
export const toSkipped = (
  { name, interaction }: NamedInteraction,
  reason: string,
): UntimedItem => ({
  kind: 'pact',
  name,
  verdict: 'leftOut',
  reason,
  steps: [{ title: interaction.description, rules: rulesOf(interaction), verdict: 'leftOut' }],
})

/** Verifies one interaction through a gateway; a failure names the rules of the response, or else those of the interaction. */
export async function verifyInteraction(
  { name, interaction, pact }: NamedInteraction,
  { gateway, verifier, pactFile }: PactRun & { readonly gateway: Gateway },
): Promise<UntimedItem> {
  await writeFile(pactFile, pact)
  const messages = isCall(interaction) ? [] : [interaction.description]
  const { verdict, reason, output } = await verifier.verify({ ...gateway.urls, pactFile, messages })
  const rules = [...new Set([...rulesOf(interaction), ...gateway.rules])]
  const named = gateway.rules.length > 0 ? gateway.rules : rules
  // A verifier sets up a state again where that failed.
  const states = gateway.stateFailures.map(
    ({ state, error }) =>
      `Provider state "${state}" failed: ${error instanceof Error ? error.message : String(error)}`,
  )
  const problems = [
    ...(verdict === 'failed' && !isCall(interaction) ? [toDishonoured(reason)] : []),
    ...new Set(states),
    ...(verdict === 'noVerdict' ? ['The verifier ended without a verdict'] : []),
    ...(verdict === 'failed' ? findMismatches(output) : []),
    ...(verdict === 'ok' && gateway.hits !== 1
      ? [`The service was called ${gateway.hits} times for one interaction`]
      : []),
  ].map(problem => gateway.secrets.redact(problem))
  const isGood = verdict === 'ok' && problems.length === 0
  const title = `${name} (${named.join(', ')})`
  return {
    kind: 'pact',
    name,
    verdict: isGood ? 'passed' : 'failed',
    steps: [{ title: interaction.description, rules, verdict: isGood ? 'passed' : 'failed' }],
    ...(!isGood && { failure: { title, rules: [...named], problems } }),
  }
}

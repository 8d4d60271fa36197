import { writeFile } from 'node:fs/promises'
import type { InteractionGateway } from './interaction-gateway.ts'
import { findMismatches, type InteractionVerifier } from './interaction-verifier.ts'
import { isCall, type NamedInteraction, rulesOf, statesOf } from './pact-interactions.ts'
import type { VerifiedItem } from './verify-result.ts'

/** An item whose time is not taken yet. */
export type UntimedItem = Omit<VerifiedItem, 'durationMs'>

/** Words why an interaction is left out, if it is. */
export function whyLeftOut(
  { interaction }: NamedInteraction,
  isStateReachable: (state: string) => boolean,
): string | undefined {
  if (!isCall(interaction))
    return 'it is a message, not a call, and nothing here makes the service send it'
  const unreachable = statesOf(interaction).filter(state => !isStateReachable(state))
  return unreachable.length === 0
    ? undefined
    : `calls of a consumer do not bring about ${unreachable.map(state => `"${state}"`).join(', ')}`
}

/** The item of an interaction that is left out. */
export const toLeftOut = (
  { name, interaction }: NamedInteraction,
  reason: string,
): UntimedItem => ({
  kind: 'pact',
  name,
  verdict: 'leftOut',
  reason,
  steps: [{ title: interaction.description, rules: rulesOf(interaction), verdict: 'leftOut' }],
})

/** Verifies one interaction through its gateway; names the rules that the answer came from, or else those of the operation. */
export async function verifyInteraction(
  { name, interaction, pact }: NamedInteraction,
  {
    gateway,
    verifier,
    pactFile,
  }: {
    readonly gateway: InteractionGateway
    readonly verifier: InteractionVerifier
    /** Where the pact file of the interaction may be written. */
    readonly pactFile: string
  },
): Promise<UntimedItem> {
  await writeFile(pactFile, pact)
  const { url, statesUrl } = gateway
  const { verdict, output } = await verifier.verify({ pactFile, url, statesUrl })
  const rules = [...new Set([...rulesOf(interaction), ...gateway.rules])]
  const named = gateway.rules.length > 0 ? gateway.rules : rules
  const problems = [
    ...gateway.problems,
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

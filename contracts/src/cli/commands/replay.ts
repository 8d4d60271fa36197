import { isGood } from '../../verify/verify-result.ts'
import type { Terminal } from '../terminal.ts'
import { type VerifyFlags, verifyAndStore } from './verify.ts'

/** The flags of `sendbox-contracts replay`. */
export type ReplayFlags = Pick<VerifyFlags, 'target' | 'yes' | 'results' | 'allowPlainHttp'>

/** Replays traces against the mock or a service; returns the exit code. */
export async function runReplay(
  traces: readonly string[],
  flags: ReplayFlags,
  terminal: Terminal,
): Promise<number> {
  const result = await verifyAndStore({ ...flags, trace: traces }, terminal)
  return isGood(result) ? 0 : 1
}

import type { RandomSource } from '../accounts/random-source.ts'
import { HeldCalls } from './held-calls.ts'
import { AccountFaults } from './registry.ts'

/** The faults of all accounts, and the calls that they hold back. */
export class Faults {
  readonly held = new HeldCalls()
  readonly #random: RandomSource
  readonly #accounts = new Map<string, AccountFaults>()

  constructor(random: RandomSource) {
    this.#random = random
  }

  of(accountId: string): AccountFaults {
    const faults = this.#accounts.get(accountId) ?? new AccountFaults(accountId, this.#random)
    this.#accounts.set(accountId, faults)
    return faults
  }

  /** The faults of an account that has any. */
  find(accountId: string): AccountFaults | undefined {
    const faults = this.#accounts.get(accountId)
    return faults?.isEmpty ? undefined : faults
  }

  /** The accounts that have faults. */
  accountIds(): string[] {
    return [...this.#accounts].flatMap(([id, faults]) => (faults.isEmpty ? [] : [id]))
  }

  /** Removes all faults of an account, or of all, and ends the calls that they hold back. */
  reset(accountId?: string): void {
    for (const [id, faults] of this.#accounts)
      if (accountId === undefined || id === accountId) faults.reset()
    this.held.drop(accountId)
  }
}

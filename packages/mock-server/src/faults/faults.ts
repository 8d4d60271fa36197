import { type CallFaults, callFaults } from './call-fault.ts'
import { HeldCalls } from './held-calls.ts'
import { FaultRegistry, type FaultRegistryOptions } from './registry.ts'

/** The faults of all accounts, and the calls that they hold open. */
export class Faults {
  readonly held = new HeldCalls()
  readonly #options: Omit<FaultRegistryOptions, 'accountId'>
  readonly #accounts = new Map<string, CallFaults>()

  constructor(options: Omit<FaultRegistryOptions, 'accountId'>) {
    this.#options = options
  }

  of(accountId: string): CallFaults {
    const faults = this.peek(accountId)
    this.#accounts.set(accountId, faults)
    return faults
  }

  /** The faults of an account, only to be read: an account without any gets none. */
  peek(accountId: string): CallFaults {
    const known = this.#accounts.get(accountId)
    return known ?? new FaultRegistry(callFaults, { accountId, ...this.#options })
  }

  /** The faults of an account; `undefined` for an account without any. */
  find(accountId: string): CallFaults | undefined {
    const faults = this.#accounts.get(accountId)
    return faults?.isEmpty ? undefined : faults
  }

  /** The accounts that have faults. */
  accountIds(): string[] {
    return [...this.#accounts].flatMap(([id, faults]) => (faults.isEmpty ? [] : [id]))
  }

  /** Removes all faults of an account, or of all accounts, and ends the calls that they hold open. */
  reset(accountId?: string): void {
    if (accountId === undefined) for (const faults of this.#accounts.values()) faults.reset()
    else this.#accounts.get(accountId)?.reset()
    this.held.drop(accountId)
  }
}

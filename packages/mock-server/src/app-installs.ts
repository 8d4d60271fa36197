import { AppInstallManifestSchema } from '@sendbox/schema'
import { z } from 'zod'
import { readInput, toLines } from './read-input.ts'

const AppInstallSchema = z.strictObject({
  /**
   * The client that asks for AppJWTs, which name it in `azp`. Rules: EP-9, AUTH-3.
   * @default 'sendbox-client'
   */
  clientId: z.string().min(1).default('sendbox-client'),
  /** @default 'sendbox-secret' */
  clientSecret: z.string().min(1).default('sendbox-secret'),
  /**
   * The part of the install's manifest that has an effect: `{webhooks}`. Webhooks are kept and shown, but not delivered yet. Rule: WH-1.
   * @default none
   */
  capabilities: AppInstallManifestSchema.shape.capabilities,
})

/** An app that may ask for tokens of an account. */
export type AppInstall = z.output<typeof AppInstallSchema>

/** What replaces an install: credentials that are left out stay, capabilities that are left out are none; other fields have no effect. */
export const AppInstallChangeSchema = z.looseObject({
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  capabilities: AppInstallManifestSchema.shape.capabilities,
})
type AppInstallChange = z.output<typeof AppInstallChangeSchema>

const defaultInstall = AppInstallSchema.parse({})

const refuseRepeatedClients: z.core.CheckFn<AppInstall[]> = ({ value, issues }) => {
  for (const [index, { clientId }] of value.entries())
    if (value.findIndex(install => install.clientId === clientId) < index)
      issues.push({
        code: 'custom',
        path: [index, 'clientId'],
        input: clientId,
        message: 'a client id that no other install of the account has',
      })
}

const AccountSchema = z.strictObject({
  /**
   * The apps of the account; the first is the one of the account's handle and of the control API.
   * @default [{}]
   */
  installs: z.array(AppInstallSchema).min(1).check(refuseRepeatedClients).prefault([{}]),
})

/** Accounts by their id; those that are not declared work all the same, with the default install. */
export const AccountsSchema = z.record(z.string().min(1), AccountSchema)

/** Accounts as a user declares them: only what differs from the defaults. */
export type AccountsInput = z.input<typeof AccountsSchema>

function parseAccounts(input: AccountsInput): z.output<typeof AccountsSchema> {
  const result = readInput(AccountsSchema, input)
  if (result.ok) return result.value
  throw new TypeError(`The accounts are not valid:${toLines(result.problems)}`)
}

/** Knows which apps may ask for tokens of which account. */
export class AppInstalls {
  readonly #declared: ReadonlyMap<string, readonly AppInstall[]>
  /** What took the place of the first install of an account. */
  readonly #replaced = new Map<string, AppInstall>()

  /** Throws a `TypeError` that lists what is wrong. */
  constructor(accounts: AccountsInput = {}) {
    this.#declared = new Map(
      Object.entries(parseAccounts(accounts)).map(([accountId, { installs }]) => [
        accountId,
        installs,
      ]),
    )
  }

  #listOf(accountId: string): readonly AppInstall[] {
    const [first = defaultInstall, ...others] = this.#declared.get(accountId) ?? []
    return [this.#replaced.get(accountId) ?? first, ...others]
  }

  /** The first install of an account. */
  of(accountId: string): AppInstall {
    return this.#listOf(accountId)[0] ?? defaultInstall
  }

  /** The install of an account that has these credentials. Rule: EP-12. */
  find(accountId: string, clientId: unknown, clientSecret: unknown): AppInstall | undefined {
    return this.#listOf(accountId).find(
      install => install.clientId === clientId && install.clientSecret === clientSecret,
    )
  }

  /** Replaces an account's first install, at once; credentials that are left out stay. Rules: WH-1, WH-12. */
  replace(accountId: string, change: AppInstallChange): AppInstall {
    const present = this.of(accountId)
    const { clientId = present.clientId, clientSecret = present.clientSecret } = change
    const install = { clientId, clientSecret, capabilities: change.capabilities }
    this.#replaced.set(accountId, install)
    return install
  }

  /** Goes back to what was declared. */
  reset(): void {
    this.#replaced.clear()
  }
}

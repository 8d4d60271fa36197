import { isDeepStrictEqual } from 'node:util'
import { AppInstallManifestSchema } from '@sendbox/schema'
import { z } from 'zod'
import { parseInput } from '../parse-input.ts'
import { redactSecrets } from '../redact-secrets.ts'
import { type BotScript, BotScriptSchema } from './bot-script.ts'
import { refusePlainHttp } from './plain-http.ts'

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Puts back what was blotted out of a JSON value, where a value that is known looks the same without its secrets. */
export function unredact(shown: unknown, known: unknown): unknown {
  if (isDeepStrictEqual(shown, redactSecrets(known))) return known
  if (Array.isArray(shown) && Array.isArray(known))
    return shown.map((inner: unknown, index) => unredact(inner, known[index]))
  if (!isFields(shown) || !isFields(known)) return shown
  const hidden = redactSecrets(known) as Fields
  return Object.fromEntries(
    Object.entries(shown).map(([name, inner]) => [
      name,
      inner === hidden[name] ? known[name] : unredact(inner, known[name]),
    ]),
  )
}

const CapabilitiesSchema = AppInstallManifestSchema.shape.capabilities.check(refusePlainHttp)

const AppInstallSchema = z.strictObject({
  /**
   * The client that asks for AppJWTs, which name it in `azp`. Rules: EP-9, AUTH-3.
   * @default 'sendbox-client'
   */
  clientId: z.string().min(1).default('sendbox-client'),
  /** @default 'sendbox-secret' */
  clientSecret: z.string().min(1).default('sendbox-secret'),
  /**
   * The part of the install's manifest that has an effect: `{webhooks}`. Rule: WH-1.
   * @default none
   */
  capabilities: CapabilitiesSchema,
})

/** An app that may ask for tokens of an account. */
export type AppInstall = z.output<typeof AppInstallSchema>

/** What replaces an install: credentials that are left out stay, capabilities that are left out are none; other fields have no effect. */
export const AppInstallChangeSchema = z.looseObject({
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  capabilities: CapabilitiesSchema,
})
type AppInstallChange = z.output<typeof AppInstallChangeSchema>

/** What took the place of an install, without its secrets; webhooks are as the control API shows them. */
export const InstallSnapshotSchema = z.strictObject({
  clientId: z.string().min(1),
  capabilities: AppInstallManifestSchema.shape.capabilities,
})
export type InstallSnapshot = z.output<typeof InstallSnapshotSchema>

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
  /**
   * A bot that answers the consumers of the account by script.
   * @default none
   */
  bot: BotScriptSchema.exactOptional(),
})

/** Accounts by their id; those that are not declared work all the same, with the default install. */
export const AccountsSchema = z.record(z.string().min(1), AccountSchema)

/** Accounts as a user declares them: only what differs from the defaults. */
export type AccountsInput = z.input<typeof AccountsSchema>

/** Knows which apps may ask for tokens of which account. */
export class AppInstalls {
  readonly #declared: ReadonlyMap<string, z.output<typeof AccountSchema>>
  /** What took the place of the first install of an account. */
  readonly #replaced = new Map<string, AppInstall>()

  /** Throws a `TypeError` that lists what is wrong. */
  constructor(accounts: AccountsInput = {}) {
    this.#declared = new Map(Object.entries(parseInput(AccountsSchema, accounts, 'accounts')))
  }

  /** The installs of an account. */
  list(accountId: string): readonly AppInstall[] {
    const [first = defaultInstall, ...others] = this.#declared.get(accountId)?.installs ?? []
    return [this.#replaced.get(accountId) ?? first, ...others]
  }

  /** The script of the bot that an account was declared with. */
  botOf(accountId: string): BotScript | undefined {
    return this.#declared.get(accountId)?.bot
  }

  /** The client secrets of an account's installs. */
  secretsOf(accountId: string): string[] {
    return this.list(accountId).map(({ clientSecret }) => clientSecret)
  }

  /** The first install of an account. */
  of(accountId: string): AppInstall {
    return this.list(accountId)[0] ?? defaultInstall
  }

  /** The install of an account that has these credentials. Rule: EP-12. */
  find(accountId: string, clientId: unknown, clientSecret: unknown): AppInstall | undefined {
    return this.list(accountId).find(
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

  /** The accounts whose first install was replaced. */
  accountIds(): string[] {
    return [...this.#replaced.keys()]
  }

  /** What took the place of an account's first install, with its secrets; `undefined` where nothing did. */
  replacementOf(accountId: string): AppInstall | undefined {
    return this.#replaced.get(accountId)
  }

  /** Puts an install, with its secrets, in the place of an account's first one; without one goes back to what was declared. */
  putReplacement(accountId: string, install: AppInstall | undefined): void {
    if (install) this.#replaced.set(accountId, install)
    else this.reset(accountId)
  }

  /** Goes back to what was declared for an account. */
  reset(accountId: string): void {
    this.#replaced.delete(accountId)
  }

  /** Shows what took the place of an account's first install, without its secrets; `undefined` where nothing did. */
  snapshot(accountId: string): InstallSnapshot | undefined {
    const install = this.#replaced.get(accountId)
    if (install === undefined) return undefined
    const { clientId, capabilities } = install
    return InstallSnapshotSchema.parse(redactSecrets({ clientId, capabilities }))
  }

  /**
   * Puts an install in the place of an account's first one, or goes back to what was declared. Secrets are those of the present
   * install where it has them, else that of the default install.
   */
  restore(accountId: string, snapshot: InstallSnapshot | undefined): void {
    const present = this.list(accountId)
    this.reset(accountId)
    if (snapshot === undefined) return
    const { clientId } = snapshot
    const same = [...present, ...this.list(accountId)].find(
      install => install.clientId === clientId,
    )
    const { clientSecret } = same ?? defaultInstall
    const capabilities = unredact(
      snapshot.capabilities,
      same?.capabilities,
    ) as AppInstall['capabilities']
    this.#replaced.set(accountId, { clientId, clientSecret, capabilities })
  }
}

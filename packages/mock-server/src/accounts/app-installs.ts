import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import {
  AppInstallUpdateSchema,
  boundedArray,
  diagnoseManifest,
  isRecord,
  type WebhookEventType,
} from '@sendbox/schema'
import { z } from 'zod'
import { type Logger, redactLog, silentLogger } from '../logger.ts'
import { parseInput } from '../parse-input.ts'
import { redactProblem, redactSecrets } from '../redact/secrets.ts'
import { type AccountPart, type PartDocument, ValuePart } from './account-part.ts'
import { type BotScript, BotScriptSchema } from './bot-script.ts'
import { CapabilitiesSchema } from './capabilities.ts'
import { defaultCredentials } from './default-credentials.ts'

/** Replaces the redacted parts of a JSON value by those of a known value that is the same once redacted. */
export function unredact(shown: unknown, known: unknown): unknown {
  if (isDeepStrictEqual(shown, redactSecrets(known))) return known
  if (Array.isArray(shown) && Array.isArray(known))
    return shown.map((inner: unknown, index) => unredact(inner, known[index]))
  if (!isRecord(shown) || !isRecord(known)) return shown
  const hidden = redactSecrets(known) as typeof known
  return Object.fromEntries(
    Object.entries(shown).map(([name, inner]) => [
      name,
      inner === hidden[name] ? known[name] : unredact(inner, known[name]),
    ]),
  )
}

/** The fields of an install that have no effect, and are shown as they were put. Rule: EP-19. */
const AppDetailsSchema = AppInstallUpdateSchema.pick({
  client_name: true,
  description: true,
  enabled: true,
  grant_types: true,
  response_types: true,
  scope: true,
  logo_uri: true,
}).strip()

/** Replaces an install by the service of app installs, whose webhooks are checked as all are. Rules: EP-19, WH-13. */
export const CheckedAppInstallUpdateSchema = AppInstallUpdateSchema.safeExtend({
  capabilities: CapabilitiesSchema,
})

const AppInstallSchema = z.strictObject({
  /**
   * The client that asks for AppJWTs, which name it in `azp`. Rules: EP-9, AUTH-3.
   * @default 'sendbox-client'
   */
  clientId: z.string().min(1).default(defaultCredentials.clientId),
  /** @default 'sendbox-secret' */
  clientSecret: z.string().min(1).default(defaultCredentials.clientSecret),
  /**
   * The fields of the install's manifest that have an effect: `{webhooks}`. Rule: WH-1.
   * @default none
   */
  capabilities: CapabilitiesSchema,
})

/** An app that may ask for tokens of an account. */
export interface AppInstall extends z.output<typeof AppInstallSchema> {
  /** Absent until they are put. */
  readonly details?: z.output<typeof AppDetailsSchema> | undefined
}

/** Replaces an install: omitted credentials stay, omitted capabilities are removed; other fields have no effect. */
export const AppInstallChangeSchema = z.looseObject({
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  capabilities: CapabilitiesSchema,
})
type AppInstallChange = z.output<typeof AppInstallChangeSchema>

/** A replaced install, without its secrets; webhooks are redacted as in the control API. */
export const InstallSnapshotSchema = z.strictObject({
  clientId: z.string().min(1),
  capabilities: CapabilitiesSchema,
  details: AppDetailsSchema.exactOptional(),
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
  installs: boundedArray(AppInstallSchema).min(1).check(refuseRepeatedClients).prefault([{}]),
  /**
   * A bot that answers the consumers of the account by script.
   * @default none
   */
  bot: BotScriptSchema.exactOptional(),
})

/** Accounts by id; one that is not declared has the default install. */
export const AccountsSchema = z.record(z.string().min(1), AccountSchema)

/** Accounts as a user declares them; defaults may be omitted. */
export type AccountsInput = z.input<typeof AccountsSchema>

/** The app installs of all accounts, whose clients may ask for tokens; the values are the first installs that were replaced. */
export class AppInstalls
  extends ValuePart<AppInstall>
  implements AccountPart<{ install?: InstallSnapshot }>
{
  #declared: ReadonlyMap<string, z.output<typeof AccountSchema>>

  readonly document: PartDocument<AppInstall> = {
    name: 'install',
    rollsBack: true,
    capture: accountId => this.values.get(accountId),
    restore: (accountId, install) => {
      if (install) this.values.set(accountId, install)
      else this.reset(accountId)
    },
  }

  readonly #log: Logger

  /** Throws a `TypeError` that lists all problems; logs diagnostics. */
  constructor(accounts: AccountsInput = {}, log: Logger = silentLogger) {
    super()
    this.#log = redactLog(log, accountId => this.secretsOf(accountId))
    this.#declared = new Map(Object.entries(parseInput(AccountsSchema, accounts, 'accounts')))
    for (const [accountId, { installs }] of this.#declared)
      for (const install of installs) this.#logDiagnostics(accountId, install)
  }

  /** Replaces the declared accounts; installs that were put stay above them. Returns the ids of those that differ. */
  redeclare(accounts: AccountsInput): string[] {
    const before = this.#declared
    this.#declared = new Map(Object.entries(parseInput(AccountsSchema, accounts, 'accounts')))
    const differing = [...new Set([...before.keys(), ...this.#declared.keys()])].filter(
      id => !isDeepStrictEqual(before.get(id), this.#declared.get(id)),
    )
    for (const id of differing)
      for (const install of this.#declared.get(id)?.installs ?? [])
        this.#logDiagnostics(id, install)
    return differing
  }

  /** Logs the webhooks of a manifest that have no effect. Rule: WH-1. */
  #logDiagnostics(accountId: string, manifest: { readonly clientId: string }): void {
    const { clientId } = manifest
    const secrets = this.secretsOf(accountId)
    for (const found of diagnoseManifest(manifest)) {
      const { path, message } = redactProblem(found, secrets)
      this.#log.warn({ accountId, clientId, path, diagnostic: message }, 'manifest')
    }
  }

  /** The installs of an account. */
  list(accountId: string): readonly AppInstall[] {
    const [first = defaultInstall, ...others] = this.#declared.get(accountId)?.installs ?? []
    return [this.values.get(accountId) ?? first, ...others]
  }

  /** The first install that an account has after a reset. */
  declaredOf(accountId: string): AppInstall {
    return this.#declared.get(accountId)?.installs[0] ?? defaultInstall
  }

  /** Whether any account has a declared bot. */
  get declaresBots(): boolean {
    return [...this.#declared.values()].some(({ bot }) => bot !== undefined)
  }

  /** The script of an account's declared bot. */
  botOf(accountId: string): BotScript | undefined {
    return this.#declared.get(accountId)?.bot
  }

  /** Whether an install of the account has a webhook, for an event type or for any. Rule: WH-1. */
  hasWebhook(accountId: string, eventType?: WebhookEventType): boolean {
    return this.list(accountId).some(({ capabilities }) =>
      eventType ? capabilities?.webhooks?.[eventType] : capabilities?.webhooks,
    )
  }

  /**
   * The client secrets of an account's installs; those of all accounts where it has none of its own, or is unknown: its id may be a secret
   * in a wrong place.
   */
  secretsOf(accountId?: string): string[] {
    const isKnown =
      accountId !== undefined && (this.#declared.has(accountId) || this.values.has(accountId))
    const installs = isKnown
      ? this.list(accountId)
      : [
          defaultInstall,
          ...[...this.#declared.values()].flatMap(account => account.installs),
          ...this.values.values(),
        ]
    return installs.map(({ clientSecret }) => clientSecret)
  }

  /** The first install of an account. */
  of(accountId: string): AppInstall {
    return this.list(accountId)[0] ?? defaultInstall
  }

  /** The install of an account with these credentials. Rule: EP-12. */
  find(accountId: string, clientId: unknown, clientSecret: unknown): AppInstall | undefined {
    return this.list(accountId).find(
      install => install.clientId === clientId && install.clientSecret === clientSecret,
    )
  }

  /** Replaces an account's first install with immediate effect; omitted credentials stay. Rules: WH-1, WH-12. */
  replace(accountId: string, change: AppInstallChange & Pick<AppInstall, 'details'>): AppInstall {
    const present = this.of(accountId)
    const { clientId = present.clientId, clientSecret = present.clientSecret } = change
    const { details = present.details } = change
    const install: AppInstall = {
      clientId,
      clientSecret,
      capabilities: change.capabilities,
      ...(details && { details: AppDetailsSchema.parse(details) }),
    }
    this.values.set(accountId, install)
    this.#logDiagnostics(accountId, { ...change, clientId })
    return install
  }

  /** The revision of an account's installs, digits that follow from their content but the secrets. Rule: EP-19. */
  revisionOf(accountId: string): string {
    const shown = this.list(accountId).map(({ clientId, capabilities, details }) => ({
      clientId,
      capabilities,
      details,
    }))
    const digest = createHash('sha256').update(JSON.stringify(shown)).digest()
    return String(digest.readUIntBE(0, 6))
  }

  /** `install` is absent where the first one was not replaced. */
  snapshot(accountId: string): { install?: InstallSnapshot } {
    const replaced = this.values.get(accountId)
    if (replaced === undefined) return {}
    const { clientId, capabilities, details } = replaced
    const shown = { clientId, capabilities, ...(details && { details }) }
    return { install: InstallSnapshotSchema.parse(redactSecrets(shown)) }
  }

  /** Secrets are those of a present or declared install with the same client, otherwise the default install's. */
  restore(accountId: string, { install }: { install?: InstallSnapshot }): void {
    const present = this.list(accountId)
    this.reset(accountId)
    if (install === undefined) return
    const { clientId } = install
    const same = [...present, ...this.list(accountId)].find(known => known.clientId === clientId)
    const { clientSecret } = same ?? defaultInstall
    const capabilities = unredact(
      install.capabilities,
      same?.capabilities,
    ) as AppInstall['capabilities']
    const { details } = install
    this.values.set(accountId, {
      clientId,
      clientSecret,
      capabilities,
      ...(details && { details }),
    })
  }
}

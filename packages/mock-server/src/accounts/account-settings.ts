import { isDeepStrictEqual } from 'node:util'
import { isRecord } from '@sendbox/schema'
import { z } from 'zod'
import { parseInput } from '../parse-input.ts'
import { type Settings, type SettingsInput, SettingsSchema } from '../settings.ts'
import { type AccountPart, type PartDocument, ValuePart } from './account-part.ts'

/** The settings that are fixed at the start, by path, and why no account has one of its own. */
const fixedSettings = {
  'domainApi.hosts': 'all accounts share the hosts',
  'domainApi.trustProxy': 'all accounts share the proxy',
  'domainApi.unknownAccounts': 'it lists accounts of the whole mock',
  agentLogin: 'whoever starts the mock decides who may log in',
  transcriptEntries: 'the data folder is read with it',
  'journal.entries': 'journals are created with it',
  'events.entries': 'streams of events are created with it',
  'journal.totalBytes': 'the journals of all accounts share it',
  'webhooks.connectTimeoutMs': 'all accounts share the connections to endpoints',
  'webhooks.readTimeoutMs': 'all accounts share the connections to endpoints',
  'webhooks.ca': 'all accounts share the connections to endpoints',
  'webhooks.deliveries': 'the logs of deliveries are created with it',
} as const

type FixedPath = keyof typeof fixedSettings

/** Fields as a merge patch writes them: all optional, and `null` for one that is removed. */
type PatchOf<Value, Prefix extends string = ''> = {
  readonly [Name in keyof Value & string as `${Prefix}${Name}` extends FixedPath ? never : Name]?:
    | (NonNullable<Value[Name]> extends readonly unknown[]
        ? NonNullable<Value[Name]>
        : NonNullable<Value[Name]> extends object
          ? PatchOf<NonNullable<Value[Name]>, `${Prefix}${Name}.`>
          : NonNullable<Value[Name]>)
    | null
}

/** Settings to be changed for one account, as a JSON merge patch: `null` restores the value of the start. Source: RFC 7396. */
export type SettingsChange = PatchOf<SettingsInput>

const refusals: ReadonlyMap<string, string> = new Map(Object.entries(fixedSettings))

/** The settings that are fixed at the start: their JSON Pointers, and the reasons. */
export const fixedSettingsView = [...refusals].map(([path, reason]) => ({
  path: `/${path.replaceAll('.', '/')}`,
  reason,
}))

/** Each setting without its default, or refused as fixed. */
function toChangeSchema({ shape }: z.ZodObject, prefix = ''): z.ZodObject {
  const fields = Object.entries(shape).map(([name, field]) => {
    const reason = refusals.get(prefix + name)
    if (reason !== undefined) {
      const refused = z.custom<never>(() => false, `the value of the start: ${reason}`)
      return [name, refused.exactOptional()] as const
    }
    const inner = (field as z.ZodDefault<z.ZodType>).unwrap()
    const schema = inner instanceof z.ZodObject ? toChangeSchema(inner, `${prefix}${name}.`) : inner
    return [name, schema.nullable().exactOptional()] as const
  })
  return z.strictObject(Object.fromEntries(fields))
}

export const SettingsChangeSchema = toChangeSchema(SettingsSchema) as z.ZodType<
  SettingsChange,
  SettingsChange
>

type Fields = Readonly<Record<string, unknown>>

/** Source: RFC 7396 section 2. */
const mergePatch = (target: unknown, patch: Fields): Fields => {
  const merged = new Map(isRecord(target) ? Object.entries(target) : [])
  for (const [name, value] of Object.entries(patch))
    if (value === null) merged.delete(name)
    else merged.set(name, isRecord(value) ? mergePatch(merged.get(name), value) : value)
  return Object.fromEntries(merged)
}

/** The paths of the settings that a reload has changed, and of those that it left as they are. */
export interface ReloadedSettings {
  readonly changed: readonly string[]
  readonly fixed: readonly string[]
}

/** Replaces the fields that differ, but for the fixed ones, and adds the paths of both to `found`. */
const mergeChangeable = (
  before: Fields,
  next: Fields,
  found: { readonly changed: string[]; readonly fixed: string[] },
  prefix = '',
): Fields =>
  Object.fromEntries(
    Object.entries(next).map(([name, value]) => {
      const path = prefix + name
      const { [name]: present } = before
      if (isRecord(present) && isRecord(value))
        return [name, mergeChangeable(present, value, found, `${path}.`)]
      if (isDeepStrictEqual(present, value)) return [name, present]
      const isFixed = refusals.has(path)
      found[isFixed ? 'fixed' : 'changed'].push(path)
      return [name, isFixed ? present : value]
    }),
  )

/** The changes of an account, and all settings in effect. */
interface ChangedSettings {
  readonly changes: SettingsChange
  readonly settings: Settings
}

/** The settings of all accounts: those of the start, and over them the changes of each account, which are the values. */
export class AccountSettings
  extends ValuePart<ChangedSettings>
  implements AccountPart<{ settings?: SettingsChange }>
{
  /** The settings of the mock, and of each account that has changed none; {@link reload} replaces them. */
  atStart: Settings

  readonly document: PartDocument<SettingsChange> = {
    name: 'settings',
    rollsBack: true,
    capture: accountId => this.values.get(accountId)?.changes,
    restore: (accountId, changes = {}) =>
      this.#replace(accountId, parseInput(SettingsChangeSchema, changes, 'settings')),
  }

  readonly #onChange: (accountId: string) => void

  /** `onChange` is called for each account whose settings change. */
  constructor(atStart: Settings, onChange: (accountId: string) => void = () => {}) {
    super()
    this.atStart = atStart
    this.#onChange = onChange
  }

  /** The settings of an account; those of the start for a request that names none. */
  of(accountId: string | undefined): Settings {
    if (accountId === undefined || this.values.size === 0) return this.atStart
    return this.values.get(accountId)?.settings ?? this.atStart
  }

  /** The changes of an account; `{}` for nothing. */
  changesOf(accountId: string): SettingsChange {
    return this.values.get(accountId)?.changes ?? {}
  }

  /** Merges a change into those of an account, with effect from the next call on. */
  change(accountId: string, change: SettingsChange): Settings {
    this.#replace(accountId, mergePatch(this.changesOf(accountId), change))
    return this.of(accountId)
  }

  /** Replaces the settings of the start but for the fixed ones; the changes of accounts stay above them. Returns the paths of both. */
  reload(next: Settings): ReloadedSettings {
    const reloaded: { changed: string[]; fixed: string[] } = { changed: [], fixed: [] }
    this.atStart = mergeChangeable(this.atStart, next, reloaded) as unknown as Settings
    for (const [accountId, { changes }] of this.values) this.#replace(accountId, changes)
    return reloaded
  }

  #replace(accountId: string, changes: SettingsChange): void {
    const settings = mergePatch(this.atStart, changes) as Settings
    if (Object.keys(changes).length === 0) this.values.delete(accountId)
    else this.values.set(accountId, { changes, settings })
    this.#onChange(accountId)
  }

  /** `settings` is absent where none was changed. */
  snapshot(accountId: string): { settings?: SettingsChange } {
    const changed = this.values.get(accountId)
    return changed ? { settings: changed.changes } : {}
  }

  restore(accountId: string, { settings = {} }: { settings?: SettingsChange }): void {
    this.#replace(accountId, mergePatch({}, settings))
  }
}

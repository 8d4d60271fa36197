import { boundedArray, boundedRecord } from '@sendbox/schema'
import { z } from 'zod'
import { ClockSnapshotSchema } from '../accounts/account-clock.ts'
import type { PartName } from '../accounts/account-part.ts'
import { SettingsChangeSchema } from '../accounts/account-settings.ts'
import { InstallSnapshotSchema } from '../accounts/app-installs.ts'
import { BotScriptSchema } from '../accounts/bot-script.ts'
import { RandomSnapshotSchema } from '../accounts/random-source.ts'
import { type FileSnapshot, FileSnapshotSchema } from '../files/file-store.ts'
import { isPathOf } from '../files/file-urls.ts'
import { type Contradiction, parseInput, refuseContradictions } from '../parse-input.ts'
import type { AccountParts } from '../services.ts'
import { ConversationSnapshotsSchema, ProfileSchema } from '../store/conversation-record.ts'
import { WebhooksSnapshotSchema } from '../webhooks/webhooks-snapshot.ts'

/** The version of the snapshot format. */
export const snapshotVersion = 1

type FieldsOf<Part> = Part extends { snapshot(accountId: string): infer Fields }
  ? keyof Awaited<Fields>
  : never

const partFields = {
  conversations: ConversationSnapshotsSchema,
  /** By `lp_consumer_id`. Rule: PRO-1. */
  profiles: boundedRecord(ProfileSchema),
  files: boundedArray(FileSnapshotSchema).readonly(),
  clock: ClockSnapshotSchema,
  /** Absent if the account has its declared install. */
  install: InstallSnapshotSchema.exactOptional(),
  /** The bot's script; absent if the account has its declared one. */
  bot: BotScriptSchema.exactOptional(),
  /** The settings that were changed for the account; absent if none were. */
  settings: SettingsChangeSchema.exactOptional(),
  /** The state of the id sequence; absent for a mock without a seed. */
  random: RandomSnapshotSchema.exactOptional(),
  /** Webhooks that are stored or scheduled. Rule: WH-11. */
  webhooks: WebhooksSnapshotSchema,
} satisfies Record<FieldsOf<AccountParts[PartName]>, z.ZodType>

/** The files that another account would have, or the account twice. Rule: URL-2a. */
function* findFileContradictions({
  accountId,
  files,
}: {
  readonly accountId: string
  readonly files: readonly FileSnapshot[]
}): Generator<Contradiction> {
  const paths = new Set<string>()
  for (const [index, { relativePath }] of files.entries()) {
    const path = ['files', index, 'relativePath']
    if (!isPathOf(accountId, relativePath))
      yield { path, expected: `the path of a file of account ${accountId}`, received: relativePath }
    else if (paths.has(relativePath))
      yield { path, expected: 'a path that no other file has', received: relativePath }
    paths.add(relativePath)
  }
}

/** The state of an account as JSON, without client secrets, journal and faults. */
export const AccountSnapshotSchema = z
  .strictObject({
    format: z.literal('sendbox-snapshot'),
    version: z.literal(snapshotVersion),
    accountId: z.string().min(1),
    ...partFields,
  })
  .check(refuseContradictions(findFileContradictions))
export type AccountSnapshot = z.output<typeof AccountSnapshotSchema>

const HeadSchema = z.looseObject({ format: z.literal('sendbox-snapshot'), version: z.int() })

/** The reason why this account cannot be restored from a snapshot, before its fields are checked; `undefined` if there is none. */
export function refuseSnapshot(value: unknown, accountId: string): string | undefined {
  const head = HeadSchema.safeParse(value)
  if (!head.success) return undefined
  const { version, accountId: ownAccountId } = head.data
  if (version > snapshotVersion)
    return `The snapshot has version ${version}, this mock reads version ${snapshotVersion}: restore it with the Sendbox that took it, or a newer one`
  if (typeof ownAccountId === 'string' && ownAccountId !== accountId)
    return `The snapshot is of account ${ownAccountId}, whose consumers have ids of their own there: it cannot be restored as account ${accountId}`
  return undefined
}

/** Parses a snapshot; throws a `TypeError` that lists its problems, or that it is of another account or a newer version. */
export function parseSnapshot(
  value: unknown,
  accountId: string,
  secrets: readonly string[] = [],
): AccountSnapshot {
  const refused = refuseSnapshot(value, accountId)
  if (refused !== undefined) throw new TypeError(refused)
  return parseInput(AccountSnapshotSchema, value, 'snapshot', secrets)
}

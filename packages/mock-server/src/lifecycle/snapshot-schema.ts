import { z } from 'zod'
import { ClockSnapshotSchema } from '../accounts/account-clock.ts'
import { InstallSnapshotSchema } from '../accounts/app-installs.ts'
import { BotScriptSchema } from '../accounts/bot-script.ts'
import { RandomSnapshotSchema } from '../accounts/random-source.ts'
import { FileSnapshotSchema } from '../files/file-store.ts'
import { parseInput } from '../parse-input.ts'
import { ConversationSnapshotsSchema, ProfileSchema } from '../store/conversation-record.ts'
import { WebhooksSnapshotSchema } from '../webhooks/webhooks-snapshot.ts'

/** The version of snapshots that this mock writes and reads. */
export const snapshotVersion = 1

/** All that an account is, as JSON: what a test may go back to, or begin from. It holds no client secret; journal and faults are not in it. */
export const AccountSnapshotSchema = z.strictObject({
  format: z.literal('sendbox-snapshot'),
  version: z.literal(snapshotVersion),
  accountId: z.string().min(1),
  conversations: ConversationSnapshotsSchema,
  /** What consumers last said of themselves, by `lp_consumer_id`. Rule: PRO-1. */
  profiles: z.record(z.string(), ProfileSchema),
  files: z.array(FileSnapshotSchema).readonly(),
  clock: ClockSnapshotSchema,
  /** Absent where the account has what was declared. */
  install: InstallSnapshotSchema.exactOptional(),
  /** The script of the bot; absent where the account has what was declared. */
  bot: BotScriptSchema.exactOptional(),
  /** Where the sequence of ids stands; absent for a mock without a seed. */
  random: RandomSnapshotSchema.exactOptional(),
  /** Webhooks that are stored or wait for their time. Rule: WH-11. */
  webhooks: WebhooksSnapshotSchema,
})
export type AccountSnapshot = z.output<typeof AccountSnapshotSchema>

const HeadSchema = z.looseObject({ format: z.literal('sendbox-snapshot'), version: z.int() })

/** Says why a snapshot cannot be put into this account, whatever else it holds; `undefined` where it can. */
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

/** Reads a snapshot; throws a `TypeError` that says what is wrong with it, or why it cannot be put into this account. */
export function parseSnapshot(value: unknown, accountId: string): AccountSnapshot {
  const refused = refuseSnapshot(value, accountId)
  if (refused !== undefined) throw new TypeError(refused)
  return parseInput(AccountSnapshotSchema, value, 'snapshot')
}

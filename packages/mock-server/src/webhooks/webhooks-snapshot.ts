import { z } from 'zod'
import { InstallSnapshotSchema } from './install-snapshot.ts'

/** What survives of an account's webhooks, as JSON. Rule: WH-11. */
export const WebhooksSnapshotSchema = z.strictObject({
  /** The number of the last delivery. */
  lastNumber: z.int().min(0),
  installs: z.array(InstallSnapshotSchema),
})
export type WebhooksSnapshot = z.output<typeof WebhooksSnapshotSchema>

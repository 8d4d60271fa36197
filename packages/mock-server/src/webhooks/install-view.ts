import { z } from 'zod'
import { PayloadProblemSchema } from '../journal/entry.ts'
import { installPhases } from './retry-schedule.ts'

/** The state of an install's webhooks. */
export const InstallViewSchema = z.object({
  clientId: z.string(),
  /** Always UP without a `retention_time`. Rule: WH-11. */
  state: z.enum(installPhases),
  /** The number of stored deliveries. */
  stored: z.int().min(0),
  /** The endpoints that took over 2.5 s to respond for over 2 minutes: production may disable them. Rule: WH-12. */
  slowEndpoints: z.array(z.string()),
  /** The webhooks of the manifest without an effect, such as an event type that never fires; absent if there are none. Rule: WH-1. */
  diagnostics: z.array(PayloadProblemSchema).exactOptional(),
})
export type InstallView = z.output<typeof InstallViewSchema>

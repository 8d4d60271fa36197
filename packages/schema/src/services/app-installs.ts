import type * as z from 'zod'
import { toReceived } from '../primitives/received.ts'
import { SentAppInstallSchema, SentAppInstallsSchema } from './sent.ts'

/** An app install of an account; `client_id_issued_at` and `client_secret_expires_at` are in seconds since the epoch, 0 for never. Rule: EP-19. */
export const AppInstallSchema = toReceived(SentAppInstallSchema)
export type AppInstall = z.infer<typeof AppInstallSchema>

/** The app installs of an account. Rule: EP-19. */
export const AppInstallsSchema = toReceived(SentAppInstallsSchema)
export type AppInstalls = z.infer<typeof AppInstallsSchema>

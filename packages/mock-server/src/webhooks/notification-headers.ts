import { signWebhook } from '@sendbox/schema/signature'
import type { AppInstall } from '../app-installs.ts'
import type { WebhookSettings } from '../settings.ts'
import type { WebhookRegistration } from './registration.ts'

/** What the headers of a notification are made from. */
interface NotificationHeaderParts {
  readonly accountId: string
  readonly install: AppInstall
  readonly registration: WebhookRegistration
  /** What the endpoint's user name and password come to. */
  readonly authorization: string | undefined
  /** The bytes that are sent, as text. */
  readonly body: string
  readonly settings: WebhookSettings
}

/** The headers of a notification, by their names in lower case; those of the manifest come on top. Rules: WH-1, WH-2, WH-3. */
export const toNotificationHeaders = ({
  accountId,
  install: { clientId, clientSecret },
  registration: { headers = [] },
  authorization,
  body,
  settings,
}: NotificationHeaderParts): Record<string, string> => ({
  ...(authorization !== undefined && { authorization }),
  ...Object.fromEntries(
    headers.map(({ header_name, header_value }) => [header_name.toLowerCase(), header_value]),
  ),
  'content-type': 'application/json',
  'x-liveperson-account-id': accountId,
  'x-liveperson-client-id': clientId,
  'x-liveperson-signature': signWebhook(body, clientSecret, settings.signature),
})

import { NotificationSchema } from '@sendbox/schema'
import { verifyWebhook } from '@sendbox/schema/signature'
import type { PatternMismatch } from './match-pattern.ts'
import type { ReceivedNotification } from './notification-receiver.ts'

/** Rule: WH-3. */
function findSignatureFaults(
  { bytes, headers }: ReceivedNotification,
  clientSecret: string,
): PatternMismatch[] {
  const header = headers['x-liveperson-signature']
  if (verifyWebhook(bytes, clientSecret, header)) return []
  return [
    {
      path: '/headers/x-liveperson-signature',
      expected: 'the signature of the bytes of the body (WH-3)',
      received: JSON.stringify(header) ?? 'nothing',
    },
  ]
}

/** The schema has the fields in the order of the wire. Rule: WH-4. */
function findFormFaults({ bytes, json }: ReceivedNotification): PatternMismatch[] {
  const parsed = NotificationSchema.safeParse(json)
  if (!parsed.success)
    return parsed.error.issues.map(({ path, message }) => ({
      path: path.map(key => `/${String(key)}`).join(''),
      expected: 'a notification (WH-4)',
      received: message,
    }))
  const text = bytes.toString()
  const expected = JSON.stringify(parsed.data)
  return text === expected ? [] : [{ path: '', expected: `${expected} (WH-4)`, received: text }]
}

/** What is wrong with a notification whatever it tells of: its signature, its fields, their order and its white space. */
export const findNotificationFaults = (
  received: ReceivedNotification,
  clientSecret: string,
): PatternMismatch[] => [
  ...findSignatureFaults(received, clientSecret),
  ...findFormFaults(received),
]

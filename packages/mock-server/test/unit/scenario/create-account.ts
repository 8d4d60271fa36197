import { toAccount } from '../../../src/app/account.ts'
import { type AppOptions, createService } from '../../../src/app/create-app.ts'

/** The wall time of the mock. */
export const now = Date.parse('2026-01-05T09:00:00Z')
export const accountId = '1'

/** An account of a mock that does not listen. */
export function createAccount(options: AppOptions = {}) {
  const services = createService({ now: () => now, ...options })
  return { services, account: toAccount(accountId, services) }
}

/** A text of the consumer. */
export const text = (message: string) =>
  ({
    from: 'consumer',
    type: 'ms.PublishEvent',
    body: { event: { type: 'ContentEvent', contentType: 'text/plain', message } },
  }) as const

import { rulesOfService } from '../evidence.ts'
import type { JournalRecord } from '../journal/journal-record.ts'
import type { Logger } from '../logger.ts'
import { redactSecrets } from '../redact-secrets.ts'

/** Says what became of a call; nothing of its headers, its query and its payload but the id of the conversation. */
export function logCall(log: Logger, accountId: string, record: JournalRecord): void {
  if (log.isLevelEnabled?.('debug') === false) return
  const { operation, status, conversationId, rules, faultId, delivery, durationMs } = record
  const fields = {
    operation,
    status,
    accountId,
    conversationId,
    rules: rulesOfService(rules),
    ...(faultId !== undefined && { faultId, delivery }),
    durationMs: durationMs && Math.round(durationMs * 100) / 100,
  }
  log.debug(redactSecrets(fields) as typeof fields, 'call')
}

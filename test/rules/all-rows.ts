import { authorizationRows } from './authorization.rows.ts'
import { autoMessageRows } from './auto-message.rows.ts'
import { bareElementRows } from './bare-element.rows.ts'
import { contentRows } from './content.rows.ts'
import { conversationRows } from './conversation.rows.ts'
import { endpointRows } from './endpoints.rows.ts'
import { envelopeRows } from './envelope.rows.ts'
import { eventRows } from './event.rows.ts'
import { evidenceRows } from './evidence.rows.ts'
import { fileUrlRows } from './file-url.rows.ts'
import { headerRows } from './header.rows.ts'
import { journalRows } from './journal.rows.ts'
import { lifecycleRows } from './lifecycle.rows.ts'
import { orderRows } from './order.rows.ts'
import { profileRows } from './profile.rows.ts'
import { rateLimitRows } from './rate-limit.rows.ts'
import { errorRows, successRows } from './response.rows.ts'
import type { Row } from './row.ts'
import { chatStateRows, sequenceRows } from './state.rows.ts'
import { surveyRows } from './survey.rows.ts'
import { tokenAndStorageRows } from './tokens-and-storage.rows.ts'
import { transcriptRows } from './transcript.rows.ts'
import { updateRows } from './update.rows.ts'

/** Every row, in the order of the protocol. */
export const allRows: readonly Row[] = [
  ...endpointRows,
  ...tokenAndStorageRows,
  ...authorizationRows,
  ...orderRows,
  ...envelopeRows,
  ...headerRows,
  ...bareElementRows,
  ...contentRows,
  ...eventRows,
  ...updateRows,
  ...surveyRows,
  ...profileRows,
  ...conversationRows,
  ...fileUrlRows,
  ...successRows,
  ...errorRows,
  ...evidenceRows,
  ...sequenceRows,
  ...chatStateRows,
  ...lifecycleRows,
  ...autoMessageRows,
  ...rateLimitRows,
  ...transcriptRows,
  ...journalRows,
]

import { bareElementRows } from './payload/bare-element.rows.ts'
import { contentRows } from './payload/content.rows.ts'
import { conversationRows } from './payload/conversation.rows.ts'
import { encodedMetadataRows } from './payload/encoded-metadata.rows.ts'
import { envelopeRows } from './payload/envelope.rows.ts'
import { eventRows } from './payload/event.rows.ts'
import { fileUrlRows } from './payload/file-url.rows.ts'
import { headerRows } from './payload/header.rows.ts'
import { profileRows } from './payload/profile.rows.ts'
import { surveyRows } from './payload/survey.rows.ts'
import { updateRows } from './payload/update.rows.ts'
import type { Row } from './row.ts'
import { authorizationRows } from './service/authorization.rows.ts'
import { endpointRows } from './service/endpoints.rows.ts'
import { evidenceRows } from './service/evidence.rows.ts'
import { journalRows } from './service/journal.rows.ts'
import { rateLimitRows } from './service/rate-limit.rows.ts'
import { errorRows, successRows } from './service/response.rows.ts'
import { tokenAndStorageRows } from './service/tokens-and-storage.rows.ts'
import { autoMessageRows } from './state/auto-message.rows.ts'
import { lifecycleRows } from './state/lifecycle.rows.ts'
import { orderRows } from './state/order.rows.ts'
import { chatStateRows, sequenceRows } from './state/state.rows.ts'
import { transcriptRows } from './state/transcript.rows.ts'

/** Every row, in the order of the protocol. */
export const allRows: readonly Row[] = [
  ...endpointRows,
  ...tokenAndStorageRows,
  ...authorizationRows,
  ...orderRows,
  ...envelopeRows,
  ...headerRows,
  ...encodedMetadataRows,
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

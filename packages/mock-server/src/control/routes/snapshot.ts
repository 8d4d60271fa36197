import { z } from 'zod'
import { restoreAccount, snapshotAccount } from '../../lifecycle/snapshot.ts'
import { AccountSnapshotSchema, refuseSnapshot } from '../../lifecycle/snapshot-schema.ts'
import { ControlRefusalSchema, defineControlOperation, refuseControl } from '../operation.ts'

const path = '/accounts/{accountId}/snapshot'

/** The files of an account have up to 64 MiB, which base64 makes a third larger. */
const maxSnapshotBytes = 134_217_728

export const getSnapshot = defineControlOperation({
  id: 'getSnapshot',
  method: 'GET',
  path,
  summary:
    'Shows all that an account is, to be restored later: conversations, profiles, files, clock, app install, bot, ids, stored webhooks; no client secret',
  answers: { 200: AccountSnapshotSchema },
  handle: async ({ params: { accountId = '' } }, service) => ({
    status: 200,
    body: await snapshotAccount(service, accountId),
  }),
})

export const putSnapshot = defineControlOperation({
  id: 'putSnapshot',
  method: 'PUT',
  path,
  summary:
    'Restores a snapshot of this account, all of it or nothing; the journal and faults stay. A snapshot of a newer version or of another account is refused',
  body: AccountSnapshotSchema,
  maxBodyBytes: maxSnapshotBytes,
  refuseBody(body, { accountId = '' }) {
    const refused = refuseSnapshot(body, accountId)
    return refused === undefined ? undefined : refuseControl(409, refused)
  },
  answers: { 200: z.object({ restored: z.string() }), 409: ControlRefusalSchema },
  async handle({ body }, service) {
    await restoreAccount(service, body)
    return { status: 200, body: { restored: body.accountId } }
  },
})

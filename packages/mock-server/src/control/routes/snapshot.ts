import { z } from 'zod'
import { restoreAccount, snapshotAccount } from '../../lifecycle/snapshot.ts'
import { AccountSnapshotSchema, refuseSnapshot } from '../../lifecycle/snapshot-schema.ts'
import { ControlRefusalSchema, defineControlOperation, refuseControl } from '../operation.ts'

const path = '/accounts/{accountId}/snapshot'

/** In bytes: an account has up to 64 MiB of files, which base64 makes a third larger. */
export const maxSnapshotBytes = 134_217_728

/** A message of a transcript has about 20 values. */
export const maxSnapshotValues = 2_000_000

export const getSnapshot = defineControlOperation({
  id: 'getSnapshot',
  method: 'GET',
  path,
  summary:
    'Shows all that an account is, to be restored later: conversations, profiles, files, clock, app install, bot, changed settings, ids, stored webhooks; no client secret',
  responses: { 200: AccountSnapshotSchema },
  handle: async ({ params: { accountId = '' } }, services) => ({
    status: 200,
    body: await snapshotAccount(services, accountId),
  }),
})

export const putSnapshot = defineControlOperation({
  id: 'putSnapshot',
  method: 'PUT',
  path,
  summary:
    'Restores a snapshot of this account, all of it or nothing; the journal and faults stay, and webhooks that were not delivered when it was made are sent, also those that were delivered since. A snapshot of a newer version or of another account is refused',
  body: AccountSnapshotSchema,
  maxBodyBytes: maxSnapshotBytes,
  maxJsonValues: maxSnapshotValues,
  refuseBody(body, { accountId = '' }) {
    const refused = refuseSnapshot(body, accountId)
    return refused === undefined ? undefined : refuseControl(409, refused)
  },
  responses: { 200: z.object({ restored: z.string() }), 409: ControlRefusalSchema },
  async handle({ body }, services) {
    await restoreAccount(services, body)
    return { status: 200, body: { restored: body.accountId } }
  },
})

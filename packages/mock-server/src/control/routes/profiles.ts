import { z } from 'zod'
import { ProfileSchema } from '../../store/conversation-record.ts'
import { toLpConsumerId } from '../../tokens/token-service.ts'
import {
  ControlRefusalSchema,
  defineControlOperation,
  IdPageQuerySchema,
  refuseControl,
  toIdPage,
} from '../operation.ts'

const path = '/accounts/{accountId}/profiles'

const ProfileViewSchema = z.object({
  /** The `lp_consumer_id`. */
  consumerId: z.string(),
  profile: ProfileSchema,
})

export const listProfiles = defineControlOperation({
  id: 'listProfiles',
  method: 'GET',
  path,
  summary:
    'Lists what the consumers of an account last said of themselves, by `lp_consumer_id`; `Link` leads to the next ones',
  query: IdPageQuerySchema,
  responses: { 200: z.array(ProfileViewSchema) },
  async handle({ params: { accountId = '' }, query }, { store }) {
    const profiles = new Map(await store.listProfiles(accountId))
    const ownPath = `/accounts/${encodeURIComponent(accountId)}/profiles`
    const { ids, headers } = toIdPage(ownPath, [...profiles.keys()].toSorted(), query)
    const body = ids.map(consumerId => ({ consumerId, profile: profiles.get(consumerId) }))
    return { status: 200, body, ...(headers && { headers }) }
  },
})

export const getProfile = defineControlOperation({
  id: 'getProfile',
  method: 'GET',
  path: `${path}/{consumer}`,
  summary: 'Shows the profile of a consumer, by `ext_consumer_id` or `lp_consumer_id`',
  responses: { 200: ProfileViewSchema, 404: ControlRefusalSchema },
  async handle({ params: { accountId = '', consumer = '' } }, { store }) {
    for (const consumerId of [toLpConsumerId(accountId, consumer), consumer]) {
      const profile = await store.loadProfile({ accountId, consumerId })
      if (profile) return { status: 200, body: { consumerId, profile } }
    }
    return refuseControl(
      404,
      `Account ${accountId} has no profile of consumer ${consumer}: userprofile.SetUserProfile sets one`,
    )
  },
})

import { fixtures } from '../../src/fixtures.ts'

/** `ms.PublishEvent` with this event. */
export const publish = (event: object) => ({
  id: '1',
  type: 'ms.PublishEvent',
  body: { dialogId: 'd', event },
})

export const textEvent = (message: string) => ({
  type: 'ContentEvent',
  contentType: 'text/plain',
  message,
})

export const fileEvent = (message: object = {}) => ({
  type: 'ContentEvent',
  contentType: 'hosted/file',
  message: { relativePath: '/v1/a', fileType: 'JPG', ...message },
})

export const upload = (fileSize: unknown, fileType = 'JPG') => ({
  id: '1',
  type: 'ms.GenerateURLForUploadFile',
  body: { fileSize, fileType },
})

const profile = fixtures.SetUserProfileRequest.smallest()

export const profileWith = (sde: object) => ({
  ...profile,
  body: { authenticatedData: { lp_sdes: [sde] } },
})

/** A batch with this body of its conversation. */
export const opening = (body: object, ...more: readonly object[]) => [
  profile,
  { id: '2', type: 'cm.ConsumerRequestConversation', body },
  ...more,
]

/** A manifest with this endpoint. */
export const manifestWith = (endpoint: string) => ({
  capabilities: { webhooks: { 'cqm.ExConversationChangeNotification': { endpoint } } },
})

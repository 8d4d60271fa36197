export { AbortedError } from './aborted-error.ts'
export { ApiError } from './api-error.ts'
export { type CallEvent, type CallPhase, callChannels, type Log } from './call-observer.ts'
export type { CallOptions, PublishOptions } from './call-options.ts'
export type { ClientChecks } from './client-checks.ts'
export { ClientClosedError } from './client-closed-error.ts'
export { ClientError, type ClientErrorCode, type SentRequest } from './client-error.ts'
export type { ClientOptions } from './client-options.ts'
export type { CloseOptions } from './closing.ts'
export { ConnectionError } from './connection-error.ts'
export type { Consumer } from './consumer.ts'
export type {
  CardReply,
  Conversation,
  EventToPublish,
  PublishEventOptions,
  Rating,
  SentEvent,
} from './conversation.ts'
export { type ActOptions, type Client, createClient } from './create-client.ts'
export { type FileFault, FileRefusedError } from './file-refused-error.ts'
export { InvalidRequestError } from './invalid-request-error.ts'
export { InvalidResponseError } from './invalid-response-error.ts'
export { type AnyClientError, isClientError } from './is-client-error.ts'
export type { OpenConversationOptions, Profile } from './open-conversation.ts'
export { QueueFullError } from './queue-full-error.ts'
export type { FileSource } from './read-file-source.ts'
export type { SendFileOptions, SentFile } from './send-file.ts'
export type { ClientSendRequest, SendResponseByType } from './send-request.ts'
export type { UploadProgress } from './storage.ts'
export { TimeoutError, type TimeoutPhase } from './timeout-error.ts'
export type { Timers } from './timers.ts'
export { TokenError } from './token-error.ts'
export type { TraceContext } from './trace-context.ts'
export type { WebhookAnswer, WebhookRefusal, WebhookRefusalReason } from './webhook-answer.ts'
export type { WebhookDelivery } from './webhook-check.ts'
export { createWebhookHandler, type WebhookHandler } from './webhook-handler.ts'
export type {
  HandleWebhook,
  NotifiedChange,
  WebhookContext,
  WebhookErrorContext,
  WebhookGap,
  WebhookHandlerOptions,
  WebhookHandlers,
  WebhookInstall,
} from './webhook-options.ts'

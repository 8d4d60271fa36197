export type { Timers } from './call/deadline.ts'
export { type CallEvent, type CallPhase, callChannels } from './call/observer.ts'
export type { TraceContext } from './call/trace-context.ts'
export type { CallOptions, PublishOptions } from './call-options.ts'
export type { ClientChecks } from './checks.ts'
export type { ClientOptions } from './client-options.ts'
export type { Consumer } from './consumer.ts'
export type {
  CardReply,
  CloseOptions,
  Conversation,
  EventToPublish,
  PublishEventOptions,
  Rating,
} from './conversation/conversation.ts'
export type { OpenConversationOptions, Profile } from './conversation/open-conversation.ts'
export { type ActOptions, type Client, createClient } from './create-client.ts'
export { type AnyClientError, isClientError } from './errors/any-client-error.ts'
export { ApiError } from './errors/api-error.ts'
export { ClientError, type ClientErrorCode, type SentRequest } from './errors/client-error.ts'
export { ConnectionError } from './errors/connection-error.ts'
export {
  AbortedError,
  ClientClosedError,
  type FileFault,
  type FileProblem,
  FileRefusedError,
  InvalidRequestError,
  InvalidResponseError,
  QueueFullError,
} from './errors/local-errors.ts'
export { TimeoutError, type TimeoutPhase } from './errors/timeout-error.ts'
export { TokenError } from './errors/token-error.ts'
export type { FileSource } from './files/file-source.ts'
export type { SendFileOptions, SentFile } from './files/send-file.ts'
export type { UploadProgress } from './files/storage.ts'
export type { Log } from './log.ts'
export type { ClientSendRequest, SendResponseByType } from './send/send-request.ts'
export type { SentEvent } from './send/sent-event.ts'
export { createWebhookHandler, type WebhookHandler } from './webhooks/handler.ts'
export type { WebhookInstall } from './webhooks/install.ts'
export type {
  HandleWebhook,
  NotifiedChange,
  UnknownChangeContext,
  UnknownReason,
  WebhookContext,
  WebhookErrorContext,
  WebhookGap,
  WebhookHandlerOptions,
  WebhookHandlers,
  WebhookNotification,
} from './webhooks/options.ts'
export type {
  WebhookAnswer,
  WebhookRefusal,
  WebhookRefusalReason,
  WebhookResponse,
} from './webhooks/responses.ts'
export {
  type UnhandledChange,
  webhookChannels,
} from './webhooks/unhandled.ts'
export type { WebhookDelivery } from './webhooks/verify.ts'

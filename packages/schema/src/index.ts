export {
  type AcceptStatus,
  type AcceptStatusEvent,
  AcceptStatusEventSchema,
  AcceptStatusSchema,
  SequenceSchema,
} from './accept-status-event.ts'
export {
  type AppInstallManifest,
  AppInstallManifestSchema,
  type WebhookEventType,
  type Webhooks,
  WebhooksSchema,
  webhookEventTypes,
} from './app-install.ts'
export {
  type ChatState,
  type ChatStateEvent,
  ChatStateEventSchema,
  ChatStateSchema,
} from './chat-state-event.ts'
export {
  type ClientProperties,
  ClientPropertiesSchema,
  clientFeatures,
} from './client-properties.ts'
export {
  type CampaignInfo,
  CampaignInfoSchema,
  type ConsumerRequestConversationRequest,
  ConsumerRequestConversationRequestSchema,
  type ConversationContext,
  ConversationContextSchema,
  type TtrName,
  TtrNameSchema,
} from './consumer-request-conversation.ts'
export {
  type ContentEvent,
  ContentEventSchema,
  type FileContentEvent,
  FileContentEventSchema,
  type HostedFile,
  HostedFileEventSchema,
  HostedFileSchema,
  OlderFileContentEventSchema,
  type TextContentEvent,
  TextContentEventSchema,
} from './content-event.ts'
export {
  type ConversationBatch,
  type ConversationBatchInput,
  type ConversationBatchItem,
  ConversationBatchItemSchema,
  ConversationBatchSchema,
  type FirstMessageRequest,
  FirstMessageRequestSchema,
} from './conversation-batch.ts'
export {
  type ConversationField,
  ConversationFieldSchema,
  type ConversationStateField,
  ConversationStateFieldSchema,
  type CsatRateField,
  CsatRateFieldSchema,
  type DialogChangeField,
  DialogChangeFieldSchema,
  type StageField,
  StageFieldSchema,
  type TtrField,
  TtrFieldSchema,
} from './conversation-field.ts'
export {
  type BaseUri,
  type BaseUriResponse,
  BaseUriResponseSchema,
  BaseUriSchema,
  type BaseUrisResponse,
  BaseUrisResponseSchema,
  type ServiceName,
  serviceNames,
} from './domain-api.ts'
export { type ErrorCode, type ErrorEntry, errorCatalogue } from './error-catalogue.ts'
export {
  type ErrorBody,
  ErrorBodySchema,
  type ErrorResponse,
  ErrorResponseSchema,
} from './error-response.ts'
export { type Evidence, evidenceLevels } from './evidence.ts'
export {
  type ConversationDetails,
  ConversationDetailsSchema,
  type ExConversationChange,
  type ExConversationChangeNotification,
  ExConversationChangeNotificationSchema,
  ExConversationChangeSchema,
  type NotifiedDialog,
  NotifiedDialogSchema,
} from './ex-conversation-change-notification.ts'
export {
  type GenerateUrlForDownloadFileRequest,
  GenerateUrlForDownloadFileRequestSchema,
  type GenerateUrlForUploadFileRequest,
  GenerateUrlForUploadFileRequestSchema,
} from './file-urls.ts'
export { defaultLimits, type RequestLimits } from './limits.ts'
export {
  type MessagingEventChange,
  MessagingEventChangeSchema,
  type MessagingEventNotification,
  MessagingEventNotificationSchema,
  type NotifiedEvent,
  NotifiedEventSchema,
} from './messaging-event-notification.ts'
export {
  type ActionReasonMetadata,
  ActionReasonMetadataSchema,
  type ExternalIdMetadata,
  ExternalIdMetadataSchema,
  type Metadata,
  MetadataSchema,
} from './metadata.ts'
export { type Mismatch, toMismatches } from './mismatch.ts'
export { nearestWord } from './nearest-word.ts'
export { type Notification, NotificationSchema } from './notification.ts'
export { type Operation, type OperationId, operations, toPath } from './operations.ts'
export {
  checkLimits,
  type ParseFailure,
  type ParseMode,
  type ParseNotificationResult,
  type ParseOptions,
  type ParseResult,
  parseConversationBatch,
  parseNotification,
  parseSendRequest,
} from './parse.ts'
export {
  type Participant,
  type ParticipantRole,
  ParticipantRoleSchema,
  ParticipantSchema,
} from './participant.ts'
export type { Diagnostic, Problem } from './problem.ts'
export {
  type PublishEventRequest,
  PublishEventRequestSchema,
  type PublishedEvent,
  PublishedEventSchema,
} from './publish-event.ts'
export { type RequestId, RequestIdSchema } from './request.ts'
export { type RichContentEvent, RichContentEventSchema } from './rich-content-event.ts'
export { type ContradictionSide, type Rule, type RuleId, ruleById, rules } from './rules/index.ts'
export {
  type CustomerInfo,
  CustomerInfoSchema,
  type CustomerInfoSde,
  CustomerInfoSdeSchema,
  type PersonalInfo,
  PersonalInfoSchema,
  type PersonalInfoSde,
  PersonalInfoSdeSchema,
  type Sde,
  SdeSchema,
} from './sde.ts'
export { type SendRequest, type SendRequestInput, SendRequestSchema } from './send-request.ts'
export {
  type ConsumerRequestConversationResponse,
  ConsumerRequestConversationResponseSchema,
  type ConversationBatchResponse,
  ConversationBatchResponseSchema,
  type FileUrl,
  FileUrlSchema,
  type GenerateUrlResponse,
  GenerateUrlResponseSchema,
  type PublishEventResponse,
  PublishEventResponseSchema,
  type SendResponse,
  SendResponseSchema,
  type SetUserProfileResponse,
  SetUserProfileResponseSchema,
  type UpdateConversationFieldResponse,
  UpdateConversationFieldResponseSchema,
} from './send-response.ts'
export {
  type PrivateData,
  PrivateDataSchema,
  type SetUserProfileRequest,
  SetUserProfileRequestSchema,
} from './set-user-profile.ts'
export {
  type JsonSchema,
  type JsonSchemaTarget,
  jsonSchemaTargets,
  type ToJsonSchemaOptions,
  toJsonSchema,
} from './to-json-schema.ts'
export {
  type AppJwtClaims,
  AppJwtClaimsSchema,
  type AppTokenError,
  AppTokenErrorSchema,
  type AppTokenRequest,
  AppTokenRequestSchema,
  type AppTokenResponse,
  AppTokenResponseSchema,
  type ConsumerJwsClaims,
  ConsumerJwsClaimsSchema,
  type ConsumerRequest,
  ConsumerRequestSchema,
  type ConsumerResponse,
  ConsumerResponseSchema,
  type TokenHeader,
  TokenHeaderSchema,
} from './tokens.ts'
export {
  type UpdateConversationFieldRequest,
  UpdateConversationFieldRequestSchema,
} from './update-conversation-field.ts'

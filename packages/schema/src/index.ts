export {
  type AcceptStatus,
  type AcceptStatusEvent,
  AcceptStatusEventSchema,
  AcceptStatusSchema,
  SequenceSchema,
} from './events/accept-status.ts'
export {
  type ChatState,
  type ChatStateEvent,
  ChatStateEventSchema,
  ChatStateSchema,
} from './events/chat-state.ts'
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
} from './events/content.ts'
export {
  conversationChangeType,
  type EventType,
  eventTypes,
  messagingEventType,
  toWebhookEventType,
  type WebhookEventType,
  webhookEventTypes,
} from './events/event-types.ts'
export { type RichContentEvent, RichContentEventSchema } from './events/rich-content.ts'
export {
  type AppInstallManifest,
  AppInstallManifestSchema,
  type Webhooks,
  WebhooksSchema,
} from './notifications/app-install.ts'
export {
  type ConversationDetails,
  ConversationDetailsSchema,
  type ExConversationChange,
  type ExConversationChangeNotification,
  ExConversationChangeNotificationSchema,
  ExConversationChangeSchema,
  type NotifiedDialog,
  NotifiedDialogSchema,
} from './notifications/conversation-change.ts'
export {
  type MessagingEventChange,
  MessagingEventChangeSchema,
  type MessagingEventNotification,
  MessagingEventNotificationSchema,
  type NotifiedEvent,
  NotifiedEventSchema,
} from './notifications/messaging-event.ts'
export { type Notification, NotificationSchema } from './notifications/notification.ts'
export { type Operation, type OperationId, operations, toPath } from './operations.ts'
export {
  type ClientPropertiesHeader,
  parseClientProperties,
} from './parse/client-properties.ts'
export {
  toInputProblems,
  /** @deprecated Use {@link toInputProblems}. */
  toInputProblems as toMismatches,
} from './parse/explain-issues.ts'
export { defaultLimits, type RequestLimits } from './parse/limits.ts'
export { isRecord } from './parse/locate.ts'
export { nearestWord } from './parse/nearest-word.ts'
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
} from './parse/parse.ts'
export {
  createProblem,
  type Diagnostic,
  type InputProblem,
  /** @deprecated Use {@link InputProblem}. */
  type InputProblem as Mismatch,
  type Problem,
  type Result,
} from './parse/problem.ts'
export {
  type Participant,
  type ParticipantRole,
  ParticipantRoleSchema,
  ParticipantSchema,
} from './primitives/participant.ts'
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
  type UpdateConversationFieldRequest,
  UpdateConversationFieldRequestSchema,
} from './requests/conversation-field.ts'
export {
  type GenerateUrlForDownloadFileRequest,
  GenerateUrlForDownloadFileRequestSchema,
  type GenerateUrlForUploadFileRequest,
  GenerateUrlForUploadFileRequestSchema,
} from './requests/file-urls.ts'
export {
  type ActionReasonMetadata,
  ActionReasonMetadataSchema,
  type ExternalIdMetadata,
  ExternalIdMetadataSchema,
  type Metadata,
  MetadataSchema,
} from './requests/metadata.ts'
export {
  type CampaignInfo,
  CampaignInfoSchema,
  type ConsumerRequestConversationRequest,
  ConsumerRequestConversationRequestSchema,
  type ConversationBatch,
  type ConversationBatchInput,
  type ConversationBatchItem,
  ConversationBatchItemSchema,
  ConversationBatchSchema,
  type ConversationContext,
  ConversationContextSchema,
  type FirstMessageRequest,
  FirstMessageRequestSchema,
  type TtrName,
  TtrNameSchema,
} from './requests/open-conversation.ts'
export {
  type PublishEventRequest,
  PublishEventRequestSchema,
  type PublishedEvent,
  PublishedEventSchema,
} from './requests/publish-event.ts'
export {
  type ClientProperties,
  ClientPropertiesSchema,
  clientFeatures,
  type RequestId,
  RequestIdSchema,
} from './requests/request.ts'
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
} from './requests/sde.ts'
export {
  type SendRequest,
  type SendRequestInput,
  SendRequestSchema,
} from './requests/send-request.ts'
export {
  type PrivateData,
  PrivateDataSchema,
  type SetUserProfileRequest,
  SetUserProfileRequestSchema,
} from './requests/user-profile.ts'
export {
  type ErrorCode,
  type ErrorEntry,
  errorCatalogue,
  errorCodes,
} from './responses/error-catalogue.ts'
export {
  type ErrorBody,
  ErrorBodySchema,
  type ErrorResponse,
  ErrorResponseSchema,
} from './responses/error-response.ts'
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
} from './responses/send-response.ts'
export { type ContradictionSide, type Rule, type RuleId, ruleById, rules } from './rules/index.ts'
export { type Evidence, evidenceLevels } from './rules/rule.ts'
export {
  type BaseUri,
  type BaseUriResponse,
  BaseUriResponseSchema,
  BaseUriSchema,
  type BaseUrisResponse,
  BaseUrisResponseSchema,
  type ServiceName,
  serviceNames,
} from './services/domain-api.ts'
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
} from './services/tokens.ts'
export {
  type JsonSchema,
  type JsonSchemaTarget,
  jsonSchemaTargets,
  type ToJsonSchemaOptions,
  toJsonSchema,
} from './to-json-schema.ts'

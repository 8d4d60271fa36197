export {
  type AcceptStatus,
  type AcceptStatusEvent,
  AcceptStatusEventSchema,
  AcceptStatusSchema,
  SequenceSchema,
} from './accept-status-event.ts'
export {
  type ChatState,
  type ChatStateEvent,
  ChatStateEventSchema,
  ChatStateSchema,
} from './chat-state-event.ts'
export {
  type ContentEvent,
  ContentEventSchema,
  type FileContentEvent,
  FileContentEventSchema,
  type HostedFile,
  HostedFileSchema,
  type TextContentEvent,
  TextContentEventSchema,
} from './content-event.ts'
export {
  type ConsumerRequestConversationRequest,
  ConsumerRequestConversationRequestSchema,
  type ConversationBatch,
  type ConversationBatchInput,
  type ConversationBatchItem,
  ConversationBatchItemSchema,
  ConversationBatchSchema,
  type FirstMessageRequest,
  FirstMessageRequestSchema,
  type SetUserProfileRequest,
  SetUserProfileRequestSchema,
  type TtrName,
  TtrNameSchema,
} from './conversation-batch.ts'
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
export { type Operation, type OperationId, operations, toPath } from './operations.ts'
export { type ParseResult, parseConversationBatch, parseSendRequest } from './parse.ts'
export type { Diagnostic, Problem } from './problem.ts'
export {
  type PublishEventRequest,
  PublishEventRequestSchema,
  type PublishedEvent,
  PublishedEventSchema,
} from './publish-event.ts'
export { type Metadata, MetadataSchema, type RequestId, RequestIdSchema } from './request.ts'
export { type ContradictionSide, type Rule, type RuleId, ruleById, rules } from './rules/index.ts'
export { type SendRequest, type SendRequestInput, SendRequestSchema } from './send-request.ts'
export {
  type ConsumerRequestConversationResponse,
  ConsumerRequestConversationResponseSchema,
  type ConversationBatchResponse,
  ConversationBatchResponseSchema,
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
} from './tokens.ts'
export {
  type ConversationField,
  ConversationFieldSchema,
  type ConversationStateField,
  ConversationStateFieldSchema,
  type UpdateConversationFieldRequest,
  UpdateConversationFieldRequestSchema,
} from './update-conversation-field.ts'

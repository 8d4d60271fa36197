// A module without internal exports is public as a whole; of the others, the names that stand here.
export * from './events/accept-status.ts'
export * from './events/chat-state.ts'
export * from './events/content.ts'
export {
  contentTypes,
  conversationChangeType,
  type EventType,
  eventTypes,
  messagingEventType,
  toWebhookEventType,
  type WebhookEventType,
  webhookEventTypes,
} from './events/event-types.ts'
export * from './events/rich-content.ts'
export * from './notifications/app-install.ts'
export * from './notifications/notification.ts'
export type * from './notifications/sent.ts'
export * from './operations.ts'
export { createBoundsReader, findExceededBound, type JsonBounds } from './parse/bounds.ts'
export * from './parse/client-properties.ts'
export { diagnoseManifest } from './parse/diagnose-manifest.ts'
export {
  toInputProblems,
  /** @deprecated Use {@link toInputProblems}. */
  toInputProblems as toMismatches,
} from './parse/explain-issues.ts'
export { defaultLimits, type RequestLimits } from './parse/limits.ts'
export { isRecord } from './parse/locate.ts'
export { nearestName, nearestWord } from './parse/nearest-word.ts'
export * from './parse/parse.ts'
export {
  createProblem,
  type Diagnostic,
  type InputProblem,
  /** @deprecated Use {@link InputProblem}. */
  type InputProblem as Mismatch,
  type Problem,
  type Result,
} from './parse/problem.ts'
export { boundedArray, boundedRecord } from './primitives/bounded.ts'
export * from './primitives/participant.ts'
export { type OpenEnum, toSent, type UnknownTag } from './primitives/received.ts'
export * from './requests/conversation-field.ts'
export * from './requests/file-urls.ts'
export * from './requests/metadata.ts'
export * from './requests/open-conversation.ts'
export * from './requests/publish-event.ts'
export {
  type ClientProperties,
  ClientPropertiesSchema,
  clientFeatures,
  type RequestId,
  RequestIdSchema,
} from './requests/request.ts'
export * from './requests/sde.ts'
export * from './requests/send-request.ts'
export * from './requests/user-profile.ts'
export * from './responses/error-catalogue.ts'
export * from './responses/error-response.ts'
export * from './responses/send-response.ts'
export type * from './responses/sent.ts'
export { type ContradictionSide, type Rule, type RuleId, ruleById, rules } from './rules/index.ts'
export { type Evidence, evidenceLevels } from './rules/rule.ts'
export * from './services/agent-login.ts'
export * from './services/app-installs.ts'
export * from './services/domain-api.ts'
export type * from './services/sent.ts'
export * from './services/tokens.ts'
export {
  type JsonSchema,
  type JsonSchemaTarget,
  jsonSchemaTargets,
  type ToJsonSchemaOptions,
  toJsonSchema,
} from './to-json-schema.ts'

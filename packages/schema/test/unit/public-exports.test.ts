import { expect, test } from 'vitest'
import * as index from '../../src/index.ts'

test('the package exports its schemas and these values, and nothing that is internal to a module', () => {
  expect(
    Object.keys(index)
      .filter(name => !name.endsWith('Schema'))
      .toSorted(),
  ).toEqual([
    'allowsPlainHttp',
    'boundedArray',
    'boundedRecord',
    'checkLimits',
    'clientFeatures',
    'contentTypes',
    'conversationChangeType',
    'createBoundsReader',
    'createProblem',
    'defaultLimits',
    'diagnoseManifest',
    'errorCatalogue',
    'errorCodes',
    'eventTypes',
    'evidenceLevels',
    'findExceededBound',
    'isMetadataHost',
    'isRecord',
    'jsonSchemaTargets',
    'messagingEventType',
    'nearestName',
    'nearestWord',
    'operations',
    'parseClientProperties',
    'parseConversationBatch',
    'parseNotification',
    'parseSendRequest',
    'ruleById',
    'rules',
    'serviceNames',
    'toInputProblems',
    'toMismatches',
    'toPath',
    'toSent',
    'toWebhookEventType',
    'webhookEventTypes',
  ])
})

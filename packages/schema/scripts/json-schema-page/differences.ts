import type { SchemaName } from '../../src/fixtures.ts'
import type { ParseOptions, RuleId } from '../../src/index.ts'
import {
  fileEvent,
  manifestWith,
  opening,
  profileWith,
  publish,
  textEvent,
  upload,
} from './samples.ts'

/** A value on which the parser and the JSON Schema differ. */
interface DifferingExample {
  readonly value: unknown
  /** Whether the parser accepts the value, with `options`; the JSON Schema says the opposite. */
  readonly isAccepted: boolean
  readonly options?: ParseOptions
}

/** A constraint that the JSON Schema of a schema does not carry. */
export interface Constraint {
  readonly schemas: readonly [SchemaName, ...SchemaName[]]
  /** JSON Pointer; `*` is any index or key, an empty pointer the whole value. */
  readonly pointer: string
  readonly constraint: string
  readonly rule: RuleId
  /** Why JSON Schema cannot say it. */
  readonly reason: string
}

/** A constraint on which the parser and the JSON Schema differ. */
export interface Difference extends Constraint {
  readonly examples: readonly DifferingExample[]
}

/** A difference that exists with the default mode and limits. */
export interface DefaultDifference extends Difference {
  /** Whether the parser and the JSON Schema may differ on the value because of this constraint. */
  readonly mayDiffer: (value: unknown) => boolean
}

/** Whether an endpoint is something else than a plain URL. */
const hasOddEndpoint = (value: unknown): boolean =>
  /"endpoint":"(?!https?:\/\/[a-z][a-z\d]*(?:\.[a-z]+)*(?::\d{1,4})?(?:\/[\w.~-]*)*")/.test(
    JSON.stringify(value) ?? '',
  )

/** All differences with the default mode and limits. A test finds each of them, and no other. */
export const defaultDifferences: readonly DefaultDifference[] = [
  {
    schemas: ['AppInstallManifest', 'Webhooks'],
    pointer: '/capabilities/webhooks/*/endpoint',
    constraint: 'a whole URL: its host, port and escapes are checked as well',
    rule: 'WH-1.1',
    reason:
      'a pattern sees how a URL begins; `format` is no check in most validators, and its `uri` is another set of texts than the URLs of HTTP clients',
    mayDiffer: hasOddEndpoint,
    examples: ['https://', 'https://example.com:65536/', 'https://exa mple.com/'].map(endpoint => ({
      value: manifestWith(endpoint),
      isAccepted: false,
    })),
  },
]

const fileTypes = { limits: { fileTypes: ['PDF'] } }

const isSetting = 'the JSON Schema has the default of a setting'

const isStrict = 'the JSON Schema follows the default mode, `as-service`'

const strict = (value: unknown): readonly DifferingExample[] => [
  { value, isAccepted: false, options: { mode: 'strict' } },
]

/** Differences with another mode or other limits. */
export const optionDifferences: readonly Difference[] = [
  {
    schemas: ['SendRequest', 'ConversationBatch'],
    pointer: '/body/event/message',
    constraint: 'a text has at most `limits.textLength` characters; by default any number',
    rule: 'PUB-2',
    reason: isSetting,
    examples: [
      {
        value: publish(textEvent('Hello')),
        isAccepted: false,
        options: { limits: { textLength: 4 } },
      },
    ],
  },
  {
    schemas: ['SendRequest', 'ConversationBatch'],
    pointer: '/body/event/message/fileType',
    constraint: 'one of `limits.fileTypes`, in any letter case',
    rule: 'PUB-4.1',
    reason: isSetting,
    examples: [
      { value: publish(fileEvent()), isAccepted: false, options: fileTypes },
      { value: publish(fileEvent({ fileType: 'pdf' })), isAccepted: true, options: fileTypes },
    ],
  },
  {
    schemas: ['SendRequest', 'ConversationBatch'],
    pointer: '/body/event/message/preview',
    constraint: 'fewer than `limits.previewCharacters` characters',
    rule: 'PUB-5.1',
    reason: isSetting,
    examples: [
      {
        value: publish(fileEvent({ preview: 'x'.repeat(30_720) })),
        isAccepted: true,
        options: { limits: { previewCharacters: 30_721 } },
      },
    ],
  },
  {
    schemas: ['SendRequest'],
    pointer: '/body/fileSize',
    constraint: 'at most `limits.fileBytes` bytes, as text or a number',
    rule: 'PUB-5.2',
    reason: isSetting,
    examples: [
      { value: upload('11'), isAccepted: false, options: { limits: { fileBytes: 10 } } },
      { value: upload(4_000_000), isAccepted: true, options: { limits: { fileBytes: 4_000_000 } } },
    ],
  },
  {
    schemas: ['SendRequest'],
    pointer: '/body/fileType',
    constraint: 'one of `limits.fileTypes`, in any letter case',
    rule: 'PUB-4.1',
    reason: isSetting,
    examples: [
      { value: upload(1), isAccepted: false, options: fileTypes },
      { value: upload(1, 'PDF'), isAccepted: true, options: fileTypes },
    ],
  },
  {
    schemas: ['SendRequest', 'ConversationBatch'],
    pointer: '/*',
    constraint:
      'no field but those of the schemas, at any depth; a further one is a diagnostic by default',
    rule: 'REQ-4',
    reason: isStrict,
    examples: strict({ ...publish(textEvent('Hello')), skillId: '1' }),
  },
  {
    schemas: ['SendRequest', 'ConversationBatch'],
    pointer: '/body/event/message/fileType',
    constraint: 'in capital letters',
    rule: 'PUB-4.2',
    reason: isStrict,
    examples: strict(publish(fileEvent({ fileType: 'jpg' }))),
  },
  {
    schemas: ['SendRequest', 'ConversationBatch'],
    pointer: '/body/event',
    constraint: 'a file has the `type` `ContentEvent` and the `contentType` `hosted/file`',
    rule: 'PUB-6.2',
    reason: isStrict,
    examples: [
      ...strict(publish({ ...fileEvent(), type: 'HostedFile' })),
      ...strict(publish({ ...fileEvent(), contentType: 'HostedFile' })),
    ],
  },
  {
    schemas: ['SendRequest', 'ConversationBatch'],
    pointer: '/body/authenticatedData/lp_sdes/*',
    constraint: 'of the `type` `ctmrinfo` or `personal`',
    rule: 'PRO-1a',
    reason: isStrict,
    examples: strict(profileWith({ type: 'service', service: {} })),
  },
  {
    schemas: ['ConversationBatch'],
    pointer: '/*/body/ttrDefName',
    constraint: 'not `CUSTOM`',
    rule: 'CON-1a',
    reason: isStrict,
    examples: strict(opening({ ttrDefName: 'CUSTOM' })),
  },
  {
    schemas: ['ConversationBatch'],
    pointer: '/*/body',
    constraint: '`skillId` and the ids of campaign and context are text',
    rule: 'CON-1b',
    reason: isStrict,
    examples: [
      ...strict(opening({ skillId: 7 })),
      ...strict(opening({ campaignInfo: { campaignId: 1, engagementId: '2' } })),
      ...strict(opening({ conversationContext: { visitorId: 1 } })),
    ],
  },
  {
    schemas: ['ConversationBatch'],
    pointer: '/*/body/conversationContext',
    constraint: 'neither `clientProperties` nor `features`',
    rule: 'CON-1b',
    reason: isStrict,
    examples: [
      ...strict(opening({ conversationContext: { clientProperties: {} } })),
      ...strict(opening({ conversationContext: { features: ['RICH_CONTENT'] } })),
    ],
  },
  {
    schemas: ['ConversationBatch'],
    pointer: '',
    constraint:
      'the profile first, then the conversation, then the first message without a `dialogId`',
    rule: 'CON-2a',
    reason: isStrict,
    examples: [
      ...strict(opening({}).toReversed()),
      ...strict(
        opening(
          {},
          { ...publish(textEvent('Hello')), body: { dialogId: '', event: textEvent('Hello') } },
        ),
      ),
    ],
  },
  {
    schemas: ['Notification'],
    pointer: '',
    constraint: 'in strict mode, exactly what the recordings show: no further field, type or word',
    rule: 'WH-4.1',
    reason: 'the JSON Schema is for receivers, which refuse nothing that the service may add',
    examples: strict({ kind: 'notification', type: 'ms.NewNotification', body: { changes: [] } }),
  },
]
